import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LogTimings, Monitor, type ObservedSessions, Timing } from '@hawser/actors';
import { VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { createMetricsPage } from '../src/observe/metricsPage.ts';

const folder = join(process.cwd(), 'docs/operations');
const alerts = join(folder, 'alerts.yaml');
const dashboard = readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8');

const promtool = (args: readonly string[], input = '') =>
  spawnSync('promtool', args, { input, encoding: 'utf8' });
const isThere = promtool(['--version']).status === 0;
if (!isThere && process.env['HAWSER_REQUIRE_SERVERS'] === '1') throw new Error('promtool is missing');
const describeWithPromtool = isThere ? describe : describe.skip;

const idle = { changes: 0, failures: 0, waiting: 0, cached: 0 };

/** `/metrics` of an engine with so many connections, of which each has received a message. */
async function page(connections: number, maxConnections: number): Promise<string> {
  const clock = new VirtualClock();
  const logTimings = new LogTimings(() => clock.monotonic());
  const monitors = Array.from({ length: connections }, (_, n) => {
    const monitor = new Monitor({
      connectionId: `c${n}`,
      clock,
      limits: { successCapacity: 1, failureCapacity: 1, maxLogSizeBytes: 1_000 },
      publishLog: undefined,
      logTimings,
      throttleRule: () => ({ perSlot: 0, maxInFlight: 100 }),
    });
    monitor.enableLogs(clock.now() + 1);
    monitor.settled('accepted', monitor.received('a', 1));
    monitor.inbound('consumed', 'a', true, 'x', undefined);
    void monitor.timings.mapped('inbound', monitor.timings.now(), [{ mapper: 'default' }]);
    monitor.timings.publishTook(0, true);
    monitor.statusReported('open');
    monitor.logs();
    return monitor;
  });
  const sessions = {
    *observed() {
      for (const [n, monitor] of monitors.entries())
        yield { connectionId: `c${n}`, monitor, clients: ['connected'] as const };
    },
  } as unknown as ObservedSessions;
  return await createMetricsPage(
    {
      sessions,
      journalTiming: new Timing(),
      logTimings,
      scriptRestarts: () => 0,
      twinStats: () => ({ things: idle, policies: idle }),
      logPublisher: {
        state: () => ({ waiting: 0, waitingBytes: 0, sent: 0, dropped: 0 }),
      },
      stats: () => ({
        kernel: {
          actors: 0,
          dispatches: 0,
          pendingAsks: 0,
          mailboxes: { queued: 0, deepest: 0 },
          deadLetters: { stopped: 0, overflow: 0, dropped: 0, late: 0 },
        },
        connections: { awake: 0, backingOff: 0, corrupt: [], waitingToOpen: 0 },
      }),
    },
    maxConnections,
  ).render();
}

describeWithPromtool('what operators are given', () => {
  test('alert rules that promtool takes', () => {
    const { status, stdout, stderr } = promtool(['check', 'rules', alerts]);
    expect(`${stdout}${stderr}`).toContain('SUCCESS: 12 rules found');
    expect(status).toBe(0);
  });

  test('expressions of the dashboard that promtool takes', () => {
    const { panels } = JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] };
    const rules = panels
      .flatMap(({ targets }) => targets)
      .map(({ expr }, n) => {
        const text = expr.replaceAll('$__rate_interval', '5m').replaceAll('$connection', '.*');
        return `      - record: dashboard:panel:n${n}\n        expr: ${JSON.stringify(text)}\n`;
      });
    const file = join(mkdtempSync(join(tmpdir(), 'hawser-dashboard-')), 'rules.yaml');
    writeFileSync(file, `groups:\n  - name: dashboard\n    rules:\n${rules.join('')}`);
    const { status, stderr } = promtool(['check', 'rules', file]);
    rmSync(dirname(file), { recursive: true });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('speak of metrics that there are', async () => {
    const metrics = await page(1, 10);
    const used = `${readFileSync(alerts, 'utf8')}${dashboard}`.match(
      /\b(connect(ion|ing|ivity)_\w+|hawser_\w+|message_mapping_\w+|nodejs_\w+|process_\w+)\b/g,
    );
    for (const name of new Set(used)) expect([name, metrics.includes(`\n${name}`)]).toEqual([name, true]);
  });

  test('metrics that promtool takes, of a bounded number', async () => {
    const few = await page(50, 50);
    const many = await page(500, 49);
    expect(many.split('\n').length).toBeLessThanOrEqual(few.split('\n').length + 10);
    expect(few).toContain(
      'connection_live_status_reported{connectionId="c0",connectionType="unknown",status="open"} 1\n',
    );
    for (const segment of ['message_prepared', 'message_internally_logged'])
      expect(many).toContain(`\nconnection_log_seconds_count{segment="${segment}"} 9\n`);
    expect(many).toContain('connection_client{id="_others",type="_others"} 451\n');
    const { status, stderr } = promtool(['check', 'metrics'], many);
    // 3: remarks on style alone
    expect([0, 3]).toContain(status);
    expect(stderr).not.toMatch(/error|invalid|second|duplicate/i);
  });
});
