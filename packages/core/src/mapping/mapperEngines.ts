import { cloudEventsEngine } from './cloudEventsMapper.ts';
import { connectionStatusEngine } from './connectionStatusMapper.ts';
import { dittoEngine } from './dittoMapper.ts';
import { implicitThingCreationEngine } from './implicitThingCreationMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { normalizedEngine } from './normalizedMapper.ts';
import { rawMessageEngine } from './rawMessageMapper.ts';
import { updateTwinWithLiveResponseEngine } from './updateTwinMapper.ts';

/** Every engine that needs nothing from outside: all of Ditto's but the one that runs scripts. */
export const builtInEngines: readonly MapperEngine[] = [
  dittoEngine,
  normalizedEngine,
  connectionStatusEngine,
  rawMessageEngine,
  implicitThingCreationEngine,
  updateTwinWithLiveResponseEngine,
  cloudEventsEngine,
];
