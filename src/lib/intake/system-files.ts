/** Files that operating systems leave in folders. */
export function isSystemFile(name: string): boolean {
	return /^(\.|~\$)|^(thumbs\.db|desktop\.ini|autorun\.inf)$/i.test(name);
}
