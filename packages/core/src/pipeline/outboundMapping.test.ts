import { describe, expect, test } from '@jest/globals';
import { builtInEngines } from '../mapping/mapperEngines.ts';
import { createMapperRegistry } from '../mapping/mapperRegistry.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { createOutboundMappings, type MappedOutbound } from './outboundMapping.ts';
import { defaultPipelineLimits } from './pipelineEnvironment.ts';
import { SignalContext } from './signalContext.ts';

const environment = {
  now: () => 0,
  newId: () => 'id',
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};

const signalOf = (topic: string, headers: Readonly<Record<string, string>>): Signal =>
  signalFromAdaptable(
    parseAdaptable({ topic: `a/b/things/${topic}`, headers, path: '/attributes/n', value: 1, revision: 1 }),
  );

function mappings() {
  const registry = createMapperRegistry({}, builtInEngines, environment);
  const labels = { declared: new Set(['src:a', 'src:b']), issued: new Set(['out:x', 'out:y']) };
  return createOutboundMappings(registry, labels, environment);
}

type Mapping = ReturnType<ReturnType<typeof mappings>['of']>;
const run = (mapping: Mapping, signal: Signal) =>
  mapping(signal, new SignalContext(signal, environment), undefined) as readonly MappedOutbound[];

describe('targets with the same mappers', () => {
  test('share one run for one signal', () => {
    const all = mappings();
    const signal = signalOf('twin/events/modified', {});
    const first = run(all.of(['Ditto'], undefined), signal);
    expect(run(all.of(['Ditto'], undefined), signal)).toBe(first);
    expect(run(all.of(['Ditto'], undefined), { ...signal })).not.toBe(first);
    expect(run(all.of(['Ditto', 'Ditto'], undefined), signal)).toHaveLength(2);
  });

  test('do so as well when their mappers are unknown', () => {
    const all = mappings();
    expect(all.of(['gone'], undefined)).toBe(all.of(['gone too'], undefined));
  });
});

describe('a target that acknowledges what it publishes', () => {
  const requested = JSON.stringify(['src:a', 'out:x', 'out:y', 'other']);
  const shown = (signal: Signal, label: string | undefined): unknown => {
    const [mapped] = run(mappings().of([], label), signal);
    const messages = mapped?.result.outcome === 'mapped' ? mapped.result.messages : [];
    const text = (messages[0] as ExternalMessage).text ?? '';
    return (JSON.parse(text) as { headers: Record<string, unknown> }).headers['requested-acks'];
  };

  test('is not asked for acknowledgements that no source of the connection gives', () => {
    const event = signalOf('twin/events/modified', { 'requested-acks': requested });
    expect(shown(event, 'out:x')).toEqual(['src:a']);
    expect(shown(event, undefined)).toEqual(['src:a', 'out:x', 'out:y', 'other']);
  });

  test('sees those of everything but events unchanged', () => {
    const command = signalOf('twin/commands/modify', { 'requested-acks': requested });
    expect(shown(command, 'out:x')).toEqual(['src:a', 'out:x', 'out:y', 'other']);
  });
});

test('a signal without a Protocol form fails in every mapper', () => {
  const signal = signalOf('twin/commands/modify', {});
  const live = { ...signal, headers: { channel: 'live' }, type: 'things.commands:sudoRetrieveThing' };
  const outcomes = run(mappings().of(['Ditto', 'Normalized'], undefined), {
    ...live,
    kind: 'acknowledgement',
    adaptable: {
      ...signal.adaptable,
      topic: { ...signal.adaptable.topic, criterion: 'acks', subject: 'live-response' },
    },
  });
  expect(outcomes.map(({ mapper, result }) => [mapper, result.outcome])).toEqual([
    ['Ditto', 'failed'],
    ['Normalized', 'failed'],
  ]);
});
