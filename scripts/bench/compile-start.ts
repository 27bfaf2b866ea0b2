/** Starts a program as the CLI starts what it does its work with: what an earlier run compiled is there. `PROGRAM …` */
import { createRequire } from 'node:module';
import { keepCompiledCode } from '../../src/cli/compiled-code.ts';
import { optimizeLater } from '../../src/cli/config/optimize-later.ts';

keepCompiledCode(process.env);
optimizeLater();
const [node = '', , program = '', ...args] = process.argv;
process.argv = [node, program, ...args];
createRequire(program)(program);
