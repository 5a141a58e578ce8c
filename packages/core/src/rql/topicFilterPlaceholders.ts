import type { Placeholder } from '../placeholders/placeholder.ts';
import {
  entityPlaceholder,
  featurePlaceholder,
  resourcePlaceholder,
  thingPlaceholder,
  topicPlaceholder,
} from '../placeholders/placeholders.ts';
import { timePlaceholder } from '../placeholders/timePlaceholder.ts';

/** What may stand for a field in the filter of a topic (connectivity/service/.../SignalFilter.java). */
export const topicFilterPlaceholders: readonly Placeholder[] = [
  topicPlaceholder,
  resourcePlaceholder,
  entityPlaceholder,
  thingPlaceholder,
  featurePlaceholder,
  timePlaceholder,
];
