const TARGETS = ['service', 'workload', 'host']

/** Joins the two words after `--to` into one, because an option has one value: `--to service NS/NAME`. */
export function joinTarget(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  return args.flatMap((arg, index) => {
    if (end >= 0 && index > end) return [arg]
    const [before, beforeThat] = [args[index - 1], args[index - 2]]
    if (beforeThat === '--to' && TARGETS.includes(before ?? '')) return []
    const name = args[index + 1]
    return before === '--to' && TARGETS.includes(arg) && name !== undefined
      ? [`${arg} ${name}`]
      : [arg]
  })
}
