// The migration of this sample: brings the database to what this release wants. It opens no connection, so that it runs
// everywhere; put your own in its place. It must be good to run it twice, and to have the release before it go on with what
// it leaves: tasks of that one serve until the new ones do, and again after a rollback.
const STEPS = ['create table greetings', 'add column greetings.language'];

for (const [index, step] of STEPS.entries()) console.log(`migrate: ${index + 1} of ${STEPS.length}: ${step}`);
console.log('migrate: done');
