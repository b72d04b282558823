/**
 * Files that operating systems leave in folders: AppleDouble (`._film.jpg`), Finder, Explorer,
 * lock files of Office. Another name that begins with a dot may be an image's.
 */
export function isSystemFile(name: string): boolean {
	return /^(\._|~\$)|^(\.ds_store|\.localized|thumbs\.db|desktop\.ini|autorun\.inf)$/i.test(name);
}
