/** AWS answered, and the resource is not there. */
export class ResourceGone extends Error {
  override readonly name: string = "ResourceGone";
}

/** The resource exists in a form that the optimizer cannot change, e.g. a group without a launch template. */
export class UnsupportedResource extends Error {
  override readonly name: string = "UnsupportedResource";
}
