export { alterFile } from './conformance/alter.ts';
export { casesOf, type VectorCase } from './conformance/cases.ts';
export { compareJson, compareOutcome, type Difference } from './conformance/compare.ts';
export { liveReaderNames, scriptFamilies } from './conformance/live.ts';
export type { Reader, Readers } from './conformance/reader.ts';
export { scriptReaders } from './conformance/readers/scripts.ts';
export { readers } from './conformance/readers.ts';
export {
  type CaseResult,
  type Dispute,
  type FamilyResult,
  parseDisputes,
  runFamily,
} from './conformance/run.ts';
