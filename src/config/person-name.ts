/** Makes a name that a person reference can hold of the operating system's: `DOMAIN\ada b` → `DOMAIN-ada-b`. */
export function personName(userName: string): string {
  return userName.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[._-]+/, '') || 'operator';
}
