/** Colours of one scheme. Text has a contrast of at least 4.5 to 1 on all backgrounds that it stands on. */
type Scheme = Readonly<Record<(typeof ROLES)[number], string>> & { readonly terminal: readonly string[] };

const ROLES = ['page', 'card', 'sunk', 'line', 'text', 'mute', 'link', 'good', 'bad', 'warn', 'busy'] as const;

const LIGHT: Scheme = {
  page: '#f6f7f9',
  card: '#ffffff',
  sunk: '#f3f5f8',
  line: '#dfe3e8',
  text: '#1b2129',
  mute: '#5b6572',
  link: '#0b57b8',
  good: '#1a7a38',
  bad: '#c2261d',
  warn: '#8a5a00',
  busy: '#0b57b8',
  terminal: [
    ...['#1b2129', '#b3261e', '#17692d', '#7a5200', '#1a56c4', '#8a2da5', '#0b6672', '#56606c'],
    ...['#5b6572', '#c2261d', '#1a7035', '#855800', '#2360cf', '#9a30b8', '#0d6a78', '#1b2129'],
  ],
};

const DARK: Scheme = {
  page: '#0f1216',
  card: '#171b21',
  sunk: '#0c0f13',
  line: '#2b323b',
  text: '#e4e8ed',
  mute: '#9aa5b1',
  link: '#7cb7ff',
  good: '#57c774',
  bad: '#ff7f76',
  warn: '#e0b14a',
  busy: '#7cb7ff',
  terminal: [
    ...['#8b949e', '#ff7b72', '#56d364', '#e3b341', '#79b8ff', '#d2a8ff', '#56d4dd', '#c9d1d9'],
    ...['#8b949e', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#8ae5ec', '#ffffff'],
  ],
};

function variables({ terminal, ...scheme }: Scheme): string {
  const roles = ROLES.map((role) => `--${role}:${scheme[role]}`);
  return [...roles, ...terminal.map((colour, index) => `--t${index}:${colour}`)].join(';');
}

/** What a terminal colours behind text is only tinted, and the text on it is plain: that can be read in every combination. */
const TERMINAL_COLOURS = LIGHT.terminal
  .map((_, index) => `.f${index}{color:var(--t${index})}`)
  .concat(
    LIGHT.terminal.map(
      (_, index) => `.b${index}{color:var(--text);background:color-mix(in srgb,var(--t${index}) 22%,transparent)}`,
    ),
  )
  .join('');

const TONES = ['good', 'bad', 'warn', 'busy', 'mute'].map((tone) => `.${tone}{--tone:var(--${tone})}`).join('');

/** The style sheet of the page. It holds nothing from outside: its hash is what the page's policy permits. */
export const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
@media print{:root{color-scheme:light;${variables(LIGHT)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 24px 64px}
h1,h2,h3,h4,h5,p,ul,ol,dl,dd{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:24px;line-height:32px;font-weight:650;letter-spacing:-.01em}
h2{display:flex;flex-wrap:wrap;align-items:center;gap:2px 8px;margin:40px 0 0;font-size:19px;line-height:28px;font-weight:650;overflow-wrap:anywhere}
h3{margin:20px 0 8px;font-size:13px;line-height:20px;font-weight:600;color:var(--mute)}
h4,h5{font-size:15px;line-height:22px;font-weight:600;overflow-wrap:anywhere}
h5{margin:14px 16px 2px;font-size:13px;color:var(--mute)}
small{font-size:13px;line-height:20px;font-weight:400;color:var(--mute)}
a{color:var(--link);text-decoration:none;text-underline-offset:2px}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
code,pre,.aws{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:13px}
.defs{position:absolute}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
${TONES}
.i{flex:none;width:16px;height:16px;color:var(--tone);fill:none;stroke:var(--tone);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.chip{padding:1px 7px;border:1px solid var(--line);border-radius:99px;font-size:12px;line-height:18px;color:var(--mute);white-space:nowrap}
.st{color:var(--tone);font-size:13px;white-space:nowrap}
.du{min-width:56px;text-align:right;font-size:13px;color:var(--mute);font-variant-numeric:tabular-nums;white-space:nowrap}
.cut,.none{padding:8px 0;font-size:13px;color:var(--mute)}

.top{display:flex;flex-wrap:wrap;align-items:center;gap:6px 14px}
.badge{display:flex;align-items:center;gap:6px;padding:2px 12px 2px 7px;border:1px solid var(--tone);border-radius:99px;color:var(--tone);font-weight:600;font-size:14px;line-height:22px;background:color-mix(in srgb,var(--tone) 7%,var(--card))}
.counts{color:var(--mute);font-size:14px}
.facts{display:flex;flex-wrap:wrap;gap:10px 32px;margin-top:16px}
.facts div{min-width:0}
.facts dt{font-size:12px;line-height:18px;color:var(--mute)}
.facts dd{font-size:14px;line-height:22px;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:4px 28px;margin-top:16px;padding-top:12px;border-top:1px solid var(--line)}
nav li{display:flex;flex-wrap:wrap;align-items:center;gap:0 8px}
nav a{display:inline-flex;gap:6px;align-items:center;overflow-wrap:anywhere}

.fail{margin-top:12px;padding:14px 16px 16px;border-left:4px solid var(--bad)}
.fail h3{display:flex;gap:8px;margin:0;color:var(--text);font-size:15px;line-height:22px;overflow-wrap:anywhere}
.fail h3 .i,.also .i{margin-top:3px}
.why{margin:2px 0 0 24px;font-size:14px;overflow-wrap:anywhere}
.reason{display:block;white-space:pre-wrap}
.last{margin:12px 0 4px;font-size:12px;color:var(--mute)}
.also{margin-top:12px;padding:8px 16px}
.also li{display:flex;gap:8px;padding:3px 0;font-size:14px;overflow-wrap:anywhere}
h2+.card{margin-top:10px}
pre{margin:0;padding:10px 12px;border-radius:6px;background:var(--sunk);line-height:1.5;font-size:12.5px;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;unicode-bidi:plaintext}

.pic{overflow:auto;border:1px solid var(--line);border-radius:10px;background:var(--card)}
.graph{display:block;margin:8px}
.graph a:hover{text-decoration:none}
.box{fill:color-mix(in srgb,var(--tone) 5%,var(--card));stroke:color-mix(in srgb,var(--tone) 55%,var(--card));stroke-width:1.25}
.mute>.box{stroke-dasharray:4 3}
.graph a:hover .box,.graph a:focus-visible .box{stroke:var(--tone);stroke-width:2}
.bn{font-size:13px;fill:var(--text);font-weight:500}
.bs{font-size:12px;fill:var(--mute)}
.edge{fill:none;stroke:color-mix(in srgb,var(--mute) 70%,var(--card));stroke-width:1.4}
.unmet{stroke-dasharray:3 4}
.lb{fill:var(--card);stroke:var(--line)}
.lt{font-size:11px;fill:var(--mute);text-anchor:middle}

.tall{max-height:640px}
.tl{display:grid;grid-template-columns:minmax(88px,220px) minmax(0,1fr) auto;gap:0 12px;padding:8px 14px}
.tn,.td{padding-top:24px}
.tn li,.td li{display:flex;align-items:center;gap:7px;height:30px;font-size:13px;min-width:0}
.tn a{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;line-height:14px;color:var(--text);overflow-wrap:anywhere}
.nn{color:var(--mute)}
.td li{justify-content:flex-end;color:var(--mute);font-variant-numeric:tabular-nums;white-space:nowrap}
.tc{display:block;overflow:visible}
.tick line{stroke:var(--line)}
.tick text{font-size:11px;fill:var(--mute)}
.ts{text-anchor:start}.tm{text-anchor:middle}.te{text-anchor:end}
.tj,.wait{fill:color-mix(in srgb,var(--tone) 16%,var(--card));stroke:color-mix(in srgb,var(--tone) 45%,var(--card))}
.wait{stroke-dasharray:3 3}
.step{fill:color-mix(in srgb,var(--tone) 72%,var(--card));stroke:var(--card)}
.back{opacity:.7}
.hatch{fill:url(#hatch);pointer-events:none}
.hatching{fill:none;stroke:var(--card);stroke-width:3}

.jobs{display:grid;gap:8px}
summary{list-style:none;cursor:pointer}
summary::-webkit-details-marker{display:none}
.job>summary{display:flex;align-items:center;gap:10px;padding:10px 16px;border-radius:10px}
.jn{display:flex;flex:1;flex-wrap:wrap;align-items:center;gap:2px 10px;min-width:0}
.job[open]>summary{border-bottom:1px solid var(--line);border-radius:10px 10px 0 0}
.req,.jr{padding:8px 16px 0;font-size:13px;color:var(--mute);overflow-wrap:anywhere}
.jr{font-size:14px;color:var(--text);white-space:pre-wrap}
.steps{padding:6px 8px}
.row{display:grid;grid-template-columns:16px minmax(0,1fr) auto auto;gap:0 10px;align-items:center;padding:4px 8px;border-radius:6px;font-size:14px}
summary.row:hover,.job>summary:hover{background:var(--sunk)}
.sn{overflow-wrap:anywhere}
.no{grid-column:2/-1;font-size:13px;color:var(--mute);white-space:pre-wrap;overflow-wrap:anywhere}
.row>.v+.du{grid-column:4}
summary.row .sn::after,.job>summary h4::after{content:'';display:inline-block;width:5px;height:5px;margin:0 -13px 2px 8px;border:solid var(--mute);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
details[open]>summary.row .sn::after,.job[open]>summary h4::after{transform:rotate(45deg)}
.log{padding:4px 8px 10px 34px;scroll-margin-top:40px}
.log .cut{padding:6px 0}
.file{padding-top:4px;font-size:12px;text-align:right}
.art,.tests{padding:4px 16px 12px;font-size:14px}
.art>p,.tests>p{font-size:13px;color:var(--mute)}
.art li{overflow-wrap:anywhere}
.tests li{display:flex;gap:8px;padding:2px 0;overflow-wrap:anywhere}
.tests .i{margin-top:3px}
.msg{display:block;font-size:13px;color:var(--mute);white-space:pre-wrap}
.aws{padding:10px 16px}
.aws li{padding:2px 0;overflow-wrap:anywhere;white-space:pre-wrap}
:target{outline:2px solid var(--link);outline-offset:2px;border-radius:8px}
h2:target{outline:none}

.bo{font-weight:700}.di{color:var(--mute)}.it{font-style:italic}.un{text-decoration:underline}.sk{text-decoration:line-through}
${TERMINAL_COLOURS}
.in{color:var(--sunk);background:var(--text)}

@media (max-width:820px){.minor{display:none}}
@media (max-width:640px){
main{padding:20px 14px 48px}
.facts{gap:8px 22px}
.tl{grid-template-columns:minmax(0,104px) minmax(0,1fr) auto;gap:0 8px;padding:8px 10px}
.tn li{font-size:12px}
.tn .i{width:14px;height:14px}
.du{min-width:44px}
h4{font-size:14px;line-height:20px}
.job>summary{padding:10px 12px}
.fail{padding:12px}
.why{margin-left:0}
.steps{padding:4px}
.log{padding:4px 4px 8px}
}
@media print{
body{font-size:12px}
main{max-width:none;padding:0}
.pic{overflow:visible;max-height:none}
.graph{max-width:calc(100% - 16px);height:auto}
.card,.fail,li{break-inside:avoid}
h2,h3{break-after:avoid}
.job{break-inside:auto}
a{color:inherit}
}
`;
