import { describe, expect, test } from '@jest/globals';
import {
  compositeStatusInfo,
  isHealthy,
  labelled,
  type StatusInfo,
  statusInfo,
  statusInfoFromJson,
  statusInfoToJson,
} from './statusInfo.ts';

const up = (label: string): StatusInfo => statusInfo('UP', [], label);

test('an error among the details makes a part DOWN, a warning does not', () => {
  expect(statusInfo('UP', [{ level: 'ERROR', message: 'boom' }]).status).toBe('DOWN');
  expect(statusInfo('UP', [{ level: 'WARN', message: 'hm' }]).status).toBe('UP');
});

describe('a composite', () => {
  test('of nothing is UP', () => {
    expect(statusInfoToJson(compositeStatusInfo([]))).toEqual({ status: 'UP' });
  });

  test('is DOWN with one child and points to it', () => {
    const down = statusInfo('UP', [{ level: 'ERROR', message: 'boom' }], 'x');
    const warned = statusInfo('UP', [{ level: 'WARN', message: 'hm' }], 'w');
    const info = labelled('roles', compositeStatusInfo([up('a'), warned, down]));
    expect(isHealthy(info)).toBe(false);
    expect(statusInfoToJson(info)).toEqual({
      label: 'roles',
      status: 'DOWN',
      details: [{ ERROR: 'See detailed messages for: x.' }, { WARN: 'See detailed messages for: w.' }],
      children: [up('a'), warned, down].map(statusInfoToJson),
    });
  });

  test('does not point to mere information', () => {
    const informed = statusInfo('UP', [{ level: 'INFO', message: { state: 'RUNNING' } }], 'i');
    expect(compositeStatusInfo([informed]).details).toEqual([]);
  });

  test('is UNKNOWN only when nothing is known', () => {
    expect(compositeStatusInfo([statusInfo('UNKNOWN'), up('a')]).status).toBe('UP');
    expect(compositeStatusInfo([statusInfo('UNKNOWN')]).status).toBe('UNKNOWN');
  });
});

test.each([{}, { status: 'GREEN' }, { status: 'UP', details: ['x'] }, { status: 'UP', details: [{ A: 1 }] }])(
  '%j is no health',
  (json) => {
    expect(() => statusInfoFromJson(json)).toThrow();
  },
);
