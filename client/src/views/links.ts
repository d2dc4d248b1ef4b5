import type { Link } from './link.js'

/** The places that a page can open. The page knows only their numbers. */
export class Links {
  readonly places: Link[] = []

  /** Adds a place. Returns its number as `{ link: 3 }`, or `{}` without a place. */
  add(link: Link | null): { readonly link?: number } {
    return link === null ? {} : { link: this.places.push(link) - 1 }
  }
}
