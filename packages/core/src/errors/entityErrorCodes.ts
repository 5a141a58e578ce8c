/** The part of the table of error codes (`errorCodes.ts`) that is about things and policies. */
export const entityErrorCodes = {
  'policies:entry.invalid': {
    status: 400,
    description: "Policy entry does not contain any known permission like 'READ' or 'WRITE'",
  },
  'policies:entry.modificationinvalid': {
    status: 403,
    description:
      "There must always be at least one PolicyEntry with 'WRITE' permissions on resource 'policy:/'.",
  },
  'policies:entry.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy and the Label of your requested PolicyEntry was correct and you have sufficient permissions.',
  },
  'policies:entry.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Policy and the Label of your requested PolicyEntry was correct and you have sufficient permissions.',
  },
  'policies:id.invalid': {
    status: 400,
    description: 'It must conform to the namespaced entity ID notation (see Ditto documentation)',
  },
  'policies:import.invalid': {
    status: 400,
    description: 'The Policy Import references the policy where it is defined.',
  },
  'policies:import.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy and the imported Policy was correct and you have sufficient permissions.',
  },
  'policies:import.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of your requested Policy and imported Policy was correct and you have sufficient permissions.',
  },
  'policies:imports.notfound': {
    status: 404,
    description: 'Check if the ID of the Policy was correct and you have sufficient permissions.',
  },
  'policies:imports.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Policy was correct and you have sufficient permissions.',
  },
  'policies:label.invalid': {
    status: 400,
    description: "It must not start with the blocklisted 'imported' prefix.",
  },
  'policies:policy.conflict': { status: 409, description: 'Choose another Policy ID' },
  'policies:policy.modificationinvalid': {
    status: 403,
    description:
      "There must always be at least one PolicyEntry with 'WRITE' permissions on resource 'policy:/'.",
  },
  'policies:policy.notcreatable': {
    status: 403,
    description: 'Check if you have sufficient permissions in the new policy to create.',
  },
  'policies:policy.notfound': {
    status: 404,
    description: 'Check if the ID of your requested Policy was correct and you have sufficient permissions.',
  },
  'policies:policy.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Policy was correct and you have sufficient permissions.',
  },
  'policies:policy.toolarge': {
    status: 413,
    description: 'Reduce the Policy size in the bounds of the specified limit',
  },
  'policies:policy.unavailable': {
    status: 503,
    description:
      'The requested Policy is temporarily not available, please retry the performed action in order to improve resiliency.',
  },
  'policies:precondition.failed': {
    status: 412,
    description:
      'The comparison of the provided precondition header with the current ETag value of the requested Policy resource evaluated to false. Check the value of your conditional header value.',
  },
  'policies:precondition.notmodified': {
    status: 304,
    description:
      "The comparison of the provided precondition header ''if-none-match'' with the current ETag value of the requested Policy resource evaluated to false. Check the value of your conditional header value.",
  },
  'policies:resource.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy, the Label of the PolicyEntry and the path of your requested Resource was correct and you have sufficient permissions.',
  },
  'policies:resource.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Policy, the Label of the PolicyEntry and the path of your requested Resource was correct and you have sufficient permissions.',
  },
  'policies:resources.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy and the Label of the PolicyEntry was correct and you have sufficient permissions.',
  },
  'policies:resources.notmodifiable': {
    status: 403,
    description:
      "Check if the ID of the Policy and the PolicyEntry's Label of your requested Resources was correct and you have sufficient permissions.",
  },
  'policies:subject.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy, the Label of the PolicyEntry and ID of your requested Subject was correct and you have sufficient permissions.',
  },
  'policies:subject.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Policy, the Label of the PolicyEntry and ID of your requested Subject was correct and you have sufficient permissions.',
  },
  'policies:subjectexpiry.invalid': {
    status: 400,
    description: 'It must be provided as ISO-8601 formatted char sequence.',
  },
  'policies:subjectid.invalid': {
    status: 400,
    description: "It must contain an issuer as prefix separated by a colon ':' from the actual subject",
  },
  'policies:subjects.notfound': {
    status: 404,
    description:
      'Check if the ID of the Policy and the Label of the PolicyEntry was correct and you have sufficient permissions.',
  },
  'policies:subjects.notmodifiable': {
    status: 403,
    description:
      "Check if the ID of the Policy and the PolicyEntry's Label of your requested Subjects was correct and you have sufficient permissions.",
  },
  'things:attribute.notfound': {
    status: 404,
    description:
      'Check if the ID of the thing and the key of your requested attribute was correct and you have sufficient permissions.',
  },
  'things:attribute.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:attributes.notfound': {
    status: 404,
    description: 'Check if the ID of the Thing was correct and you have sufficient permissions.',
  },
  'things:attributes.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:condition.failed': {
    status: 412,
    description:
      'The provided condition did not match the actual Thing state. Please check your provided condition.',
  },
  'things:definition.identifier.invalid': {
    status: 400,
    description:
      "An identifier string is expected to have the structure 'namespace:name:version'. Each segment must contain at least one char of [_a-zA-Z0-9\\\\-.]",
  },
  'things:definition.notfound': {
    status: 404,
    description:
      'Check if the ID of the thing and the key of your requested definition was correct and you have sufficient permissions.',
  },
  'things:definition.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:event.notallowed': {
    status: 403,
    description:
      'Please make sure that the Thing exists and that you have WRITE permissions on the message resource in the policy of the Thing.',
  },
  'things:feature.definition.empty': {
    status: 400,
    description:
      'A Feature Definition must contain at least one element. It can however also be set to null or deleted completely.',
  },
  'things:feature.definition.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.definition.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.desiredProperties.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.desiredProperties.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.desiredProperty.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing, the Feature ID and the key of your requested desired property was correct and you have sufficient permissions.',
  },
  'things:feature.desiredProperty.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing, the Feature ID and the key of your requested desired property was correct and you have sufficient permissions.',
  },
  'things:feature.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing and the ID of your requested Feature was correct and you have sufficient permissions.',
  },
  'things:feature.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing and the ID of your requested Feature was correct and you have sufficient permissions.',
  },
  'things:feature.properties.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.properties.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing and the Feature ID was correct and you have sufficient permissions.',
  },
  'things:feature.property.notfound': {
    status: 404,
    description:
      'Check if the ID of the Thing, the Feature ID and the key of your requested property was correct and you have sufficient permissions.',
  },
  'things:feature.property.notmodifiable': {
    status: 403,
    description:
      'Check if the ID of the Thing, the Feature ID and the key of your requested property was correct and you have sufficient permissions.',
  },
  'things:features.notfound': {
    status: 404,
    description: 'Check if the ID of the Thing was correct and you have sufficient permissions.',
  },
  'things:features.notmodifiable': {
    status: 403,
    description: 'Check if the ID of the Thing was correct and you have sufficient permissions.',
  },
  'things:field.selection.invalid': { status: 400, description: undefined },
  'things:id.invalid': {
    status: 400,
    description: 'It must conform to the namespaced entity ID notation (see Ditto documentation)',
  },
  'things:id.notdeletable': {
    status: 400,
    description: 'Remove the Thing ID entry from the request body and retry the request.',
  },
  'things:id.notsettable': {
    status: 400,
    description:
      'Either delete the Thing ID from the thing JSON or use the same Thing ID as in the topic path.',
  },
  'things:merge.invalid': {
    status: 400,
    description: 'The provided JSON Merge Patch cannot be applied at the given path.',
  },
  'things:policy.conflicting': {
    status: 400,
    description: 'Please either define an inline Policy or define a policy to copy, but not both.',
  },
  'things:policy.notallowed': {
    status: 400,
    description:
      "Once a Thing with inline Policy is created it can't be modified with another Policy. Use the Policy resources to modify the existing Policy.",
  },
  'things:policyId.notdeletable': {
    status: 400,
    description: 'Remove Policy ID entry from the request body and retry the request.',
  },
  'things:policyId.notfound': {
    status: 404,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:policyId.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:precondition.failed': {
    status: 412,
    description:
      'The comparison of the provided precondition header with the current ETag value of the requested Thing resource evaluated to false. Check the value of your conditional header value.',
  },
  'things:precondition.notmodified': {
    status: 304,
    description:
      "The comparison of the provided precondition header ''if-none-match'' with the current ETag value of the requested Thing resource evaluated to false. Check the value of your conditional header value.",
  },
  'things:thing.conflict': { status: 409, description: 'Choose another Thing ID' },
  'things:thing.notcreatable': {
    status: 400,
    description:
      "Either check if the ID of the Policy you created the Thing with is correct and that the Policy is existing or If you want to use the existing Policy, specify it as 'policyId' in the Thing JSON you create.",
  },
  'things:thing.notdeletable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:thing.notfound': {
    status: 404,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:thing.notmodifiable': {
    status: 403,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
  'things:thing.toolarge': {
    status: 413,
    description: 'Reduce the Thing size in the bounds of the specified limit',
  },
  'things:thing.unavailable': {
    status: 503,
    description:
      'The requested Thing is temporarily not available, please retry the performed action in order to improve resiliency.',
  },
} as const satisfies Record<string, { readonly status: number; readonly description: string | undefined }>;
