import { quantile } from '../statistics.mjs'
import { measure } from '../programs.mjs'

/** One keystroke: from the new text to the findings of all files that it changes. */
export async function keystroke({ sets, runs, huge }) {
  const workspace = sets.includes('M') ? 'M' : sets[0]
  const rows = []
  const wrong = []
  const files = [
    [workspace, 10, '≤ 2 (6)'],
    [workspace, 77, '≤ 2 (6)'],
    ...(huge ? [['huge', 10_000, '≤ 6']] : []),
  ]
  for (const [set, documents, goal] of files) {
    const results = []
    for (let run = 0; run < Math.min(runs, 3); run++)
      results.push(await measure('keystroke', set, documents))
    const [first] = results
    if (results.some((result) => result.wrong))
      wrong.push(
        `${set}, ${documents} documents: findings after the edits differ from those from scratch`,
      )
    for (const edit of Object.keys(first.edits)) {
      const times = results.flatMap((result) => result.edits[edit].times)
      const { runs: facts, checked } = first.edits[edit]
      const share = ((facts / first.facts) * 100).toFixed(2)
      rows.push(
        [
          `keystroke ${set}, file of ${first.documents} documents, ${edit}: ms median (p95)`,
          goal,
          `${quantile(times, 0.5).toFixed(2)} (${quantile(times, 0.95).toFixed(2)})`,
        ],
        [
          `the same: facts computed again, of ${first.facts}; files checked again`,
          '≤ 0.5 %',
          `${facts} = ${share} %; ${checked}`,
        ],
      )
    }
  }
  return { rows, wrong }
}
