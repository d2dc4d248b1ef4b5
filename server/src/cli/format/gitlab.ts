import type { Level } from '@istio-ambient-policy/shared'
import type { CheckReport } from '../checkReport.js'
import { fingerprintsOf } from '../fingerprint.js'
import { toJson } from './json.js'
import { detailsOf, isLineKnown } from './words.js'

const SEVERITIES: Readonly<Record<Level, string>> = {
  error: 'critical',
  warning: 'major',
  information: 'minor',
  hint: 'info',
}

/** A GitLab code quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
export function formatGitlab({ findings }: CheckReport): string {
  const fingerprints = fingerprintsOf(findings)
  const issues = findings.map((finding) => {
    const {
      rule,
      level,
      message,
      assumptions,
      file,
      range: { start, end },
    } = finding
    return {
      description: [
        message,
        ...(finding.rendered ? detailsOf(finding).slice(0, 1) : []),
        ...assumptions.map((assumption) => `Assumption: ${assumption}`),
      ].join(' '),
      check_name: rule,
      fingerprint: fingerprints.get(finding),
      severity: SEVERITIES[level],
      location: {
        path: file,
        lines: isLineKnown(finding)
          ? { begin: start.line + 1, end: end.line + 1 }
          : { begin: 1, end: 1 },
      },
    }
  })
  return `${toJson(issues, 2)}\n`
}
