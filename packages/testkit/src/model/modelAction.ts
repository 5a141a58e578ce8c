import * as fc from 'fast-check';
import type { StoreFault } from '../fakes/fakeStore.ts';

/** What a user may send to a connection; `test` and reads write nothing. */
export type ModelCommand =
  | 'createClosed'
  | 'createOpen'
  | 'modifyClosed'
  | 'modifyOpen'
  | 'open'
  | 'close'
  | 'delete'
  | 'test'
  | 'retrieve'
  | 'retrieveStatus'
  | 'enableLogs';

export type ModelId = 'c1' | 'c:2';

/** One thing that happens to the system under test. */
export type ModelAction =
  | {
      readonly do: 'ask';
      readonly command: ModelCommand;
      readonly id: ModelId;
      readonly isSudo: boolean;
      /** Wait for the answer before the next action. */
      readonly waits: boolean;
    }
  /** The next `count` operations of this kind fail. */
  | {
      readonly do: 'fault';
      readonly operation: 'append' | 'read' | 'save';
      readonly fault: StoreFault;
      readonly count: number;
    }
  /** Appends wait until they are released. */
  | { readonly do: 'hold' }
  | { readonly do: 'release' }
  | { readonly do: 'clients'; readonly mode: ClientMode }
  /** The process is killed. `lands`: appends under way reach the disk, though nobody is told. */
  | { readonly do: 'crash'; readonly lands: boolean }
  | { readonly do: 'restart' }
  /** The shard goes to another process, which may be told before the old one knows. */
  | { readonly do: 'moveLease'; readonly how: 'rebalance' | 'lost' }
  | { readonly do: 'passivate' }
  | { readonly do: 'purge'; readonly id: ModelId }
  | { readonly do: 'cleanUp'; readonly id: ModelId }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'jumpWall'; readonly ms: number };

/** How clients answer to open and close. */
export type ClientMode = 'work' | 'slow' | 'fail' | 'hang';

const id = fc.constantFrom<ModelId>('c1', 'c:2');
const just = <const A extends ModelAction>(action: A) => fc.constant(action);

const ask = fc.record({
  do: fc.constant('ask' as const),
  command: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<ModelCommand>('createClosed', 'createOpen') },
    { weight: 4, arbitrary: fc.constantFrom<ModelCommand>('modifyClosed', 'modifyOpen', 'open', 'close') },
    { weight: 1, arbitrary: fc.constant<ModelCommand>('delete') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<ModelCommand>('test', 'retrieve', 'retrieveStatus', 'enableLogs'),
    },
  ),
  id,
  isSudo: fc.boolean(),
  waits: fc.boolean(),
});

const disturbance = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      operation: fc.constantFrom('append' as const, 'append' as const, 'read' as const, 'save' as const),
      fault: fc.constantFrom<StoreFault>('lost', 'ambiguous', 'duplicate', 'unreadable'),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: just({ do: 'hold' }) },
  { weight: 2, arbitrary: just({ do: 'release' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('clients' as const),
      mode: fc.constantFrom<ClientMode>('work', 'slow', 'slow', 'fail', 'hang'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('crash' as const), lands: fc.boolean() }) },
  { weight: 1, arbitrary: just({ do: 'restart' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('moveLease' as const),
      how: fc.constantFrom('rebalance' as const, 'lost' as const),
    }),
  },
);

const passing = fc.oneof(
  { weight: 2, arbitrary: just({ do: 'passivate' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cleanUp' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 200, 3_000, 60_000, 700_000, 86_400_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jumpWall' as const),
      ms: fc.constantFrom(-3_600_000, 864_000_000),
    }),
  },
);

const action: fc.Arbitrary<ModelAction> = fc.oneof(
  { weight: 7, arbitrary: ask },
  { weight: 3, arbitrary: disturbance },
  { weight: 2, arbitrary: passing },
);

/** The story of one run. */
export const modelActions: fc.Arbitrary<readonly ModelAction[]> = fc.array(action, {
  minLength: 1,
  maxLength: 16,
  size: 'max',
});
