/** The name that users see: the display name of the extension, and the category of its commands. */
export const PRODUCT_NAME = 'Ambient Policy for Istio'
