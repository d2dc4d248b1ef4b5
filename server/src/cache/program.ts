declare const AMBIENT_POLICY_VERSION: string | undefined
declare const AMBIENT_POLICY_BUILD: string | undefined

/** The version of this program and of its sources. Empty while the sources are edited: then nothing is kept. */
export const PROGRAM =
  typeof AMBIENT_POLICY_VERSION !== 'string' ||
  typeof AMBIENT_POLICY_BUILD !== 'string' ||
  AMBIENT_POLICY_BUILD === ''
    ? ''
    : `${AMBIENT_POLICY_VERSION} ${AMBIENT_POLICY_BUILD}`
