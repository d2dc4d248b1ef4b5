/** mulberry32: one 32-bit state, integers only. */
export function randomOf(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (limit) => next() % limit
  return {
    next,
    below,
    chance: (percent) => below(100) < percent,
    pick: (items) => items[below(items.length)],
  }
}
