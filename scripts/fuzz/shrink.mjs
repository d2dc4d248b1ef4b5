/**
 * Shortens a list that fails: removes halves first and single parts last, as long as the rest still fails.
 *
 * @param fails whether a list fails; called at most `budget` times.
 */
export async function shrink(parts, fails, budget = 2_000) {
  let kept = parts
  let asked = 0
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length && asked < budget;) {
      const shorter = [...kept.slice(0, at), ...kept.slice(at + size)]
      asked++
      if (shorter.length > 0 && (await fails(shorter))) kept = shorter
      else at += size
    }
  }
  return kept
}
