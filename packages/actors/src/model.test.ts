import { checkModel } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { startActorSystem } from './actorSystem.ts';

/* A short form; `npm run model` tells 10,000 stories. */
describe('whatever happens to a process, a store and its clients', () => {
  test('no answered command is lost, no journal forks, memory is what the journal says, one client lives at a time', async () => {
    const report = await checkModel(startActorSystem, { runs: 400 });
    expect(report.text).toBe('');
    expect(report.runs).toBe(400);
  }, 60_000);

  test('actors that answer before the journal is written are found out, with a story as short as possible', async () => {
    const report = await checkModel(startActorSystem, { runs: 400, breaks: 'reply-before-append' });
    expect(report.isOk).toBe(false);
    expect(report.text).toMatch(/^broken: \w+ c:?\d was answered \d+ for event \d+, which the journal lacks/);
    const [, , ...story] = report.text.split('\n').slice(0, -1);
    expect(story.length).toBeLessThanOrEqual(8);
    expect(report.text).toMatch(/again: --seed -?\d+ --path [\d:]+$/);
  }, 60_000);
});
