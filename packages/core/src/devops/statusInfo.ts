import { jsonInvalid } from '../errors/jsonErrors.ts';
import { optionalArray, optionalString, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';

export const healthStatuses = ['UP', 'DOWN', 'UNKNOWN'] as const;
export type HealthStatus = (typeof healthStatuses)[number];

/** Most severe first. */
export const detailLevels = ['ERROR', 'WARN', 'INFO'] as const;
export type DetailLevel = (typeof detailLevels)[number];

export interface StatusDetail {
  readonly level: DetailLevel;
  /** Text or an object. */
  readonly message: JsonValue;
}

/** Health of a part and of the parts below it (internal/utils/health/.../StatusInfo.java). */
export interface StatusInfo {
  readonly label: string | undefined;
  readonly status: HealthStatus;
  readonly details: readonly StatusDetail[];
  readonly children: readonly StatusInfo[];
}

export const isHealthy = (info: StatusInfo): boolean => info.status !== 'DOWN';

/** A leaf; a detail of level ERROR makes it DOWN. */
export function statusInfo(
  status: HealthStatus,
  details: readonly StatusDetail[] = [],
  label?: string,
): StatusInfo {
  const hasError = details.some((detail) => detail.level === 'ERROR');
  return { label, status: hasError ? 'DOWN' : status, details, children: [] };
}

/** The same with another label. */
export const labelled = (label: string, info: StatusInfo): StatusInfo => ({ ...info, label });

/** Levels that a composite points to. */
const pointedTo = ['ERROR', 'WARN'] as const;

/** DOWN when any child is; one detail for each grave level found in a child tells where to look. */
export function compositeStatusInfo(children: readonly StatusInfo[], label?: string): StatusInfo {
  const details = pointedTo.flatMap((level): StatusDetail[] => {
    const places = children.flatMap((child, index) =>
      child.details.filter((detail) => detail.level === level).map(() => child.label ?? `<index ${index}>`),
    );
    return places.length === 0
      ? []
      : [{ level, message: `See detailed messages for: ${places.join(', ')}.` }];
  });
  return { label, status: merged(children), details, children };
}

function merged(children: readonly StatusInfo[]): HealthStatus {
  if (!children.every(isHealthy)) return 'DOWN';
  const isKnown = children.length === 0 || children.some(({ status }) => status === 'UP');
  return isKnown ? 'UP' : 'UNKNOWN';
}

/** `label?`, `status`, `details?`, `children?`; empty lists are left out. */
export function statusInfoToJson({ label, status, details, children }: StatusInfo): JsonObject {
  return {
    ...(label === undefined ? {} : { label }),
    status,
    ...(details.length === 0
      ? {}
      : { details: details.map((detail) => ({ [detail.level]: detail.message })) }),
    ...(children.length === 0 ? {} : { children: children.map(statusInfoToJson) }),
  };
}

/** @throws DittoError `json.field.missing`, `json.invalid` */
export function statusInfoFromJson(json: JsonObject): StatusInfo {
  const label = optionalString(json, 'label');
  const name = requiredString(json, 'status');
  const status = healthStatuses.find((known) => known === name);
  if (status === undefined) throw jsonInvalid(`Unknown status <${name}>!`);
  return {
    label,
    status,
    details: (optionalArray(json, 'details') ?? []).map(detailFromJson),
    children: (optionalArray(json, 'children') ?? []).filter(isJsonObject).map(statusInfoFromJson),
  };
}

function detailFromJson(value: JsonValue): StatusDetail {
  const [entry, ...more] = isJsonObject(value) ? Object.entries(value) : [];
  const level = detailLevels.find((known) => known === entry?.[0]);
  if (level === undefined || more.length > 0)
    throw jsonInvalid('A status detail must have exactly one level!');
  return { level, message: entry?.[1] ?? null };
}
