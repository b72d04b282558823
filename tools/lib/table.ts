// Markdown tables, aligned so that they read well in a terminal too.

/**
 * @param rows numbers stand to the right
 */
export function markdownTable(
	header: readonly string[],
	rows: readonly (readonly (string | number)[])[]
): string {
	const cells = rows.map((row) => row.map(String));
	const right = header.map((_, column) => typeof rows[0]?.[column] === 'number');
	const widths = header.map((name, column) =>
		Math.max(name.length, 3, ...cells.map((row) => row[column]?.length ?? 0))
	);
	const line = (row: readonly string[]) =>
		`| ${row
			.map((cell, column) => {
				const width = widths[column] ?? 0;
				return right[column] ? cell.padStart(width) : cell.padEnd(width);
			})
			.join(' | ')} |`;
	const rule = widths.map((width, column) =>
		right[column] ? '-'.repeat(width - 1) + ':' : '-'.repeat(width)
	);
	return [line(header), line(rule), ...cells.map(line)].join('\n');
}

/** A figure 0..1 with four digits, or a dash. */
export function rate(value: number | null | undefined) {
	return value === null || value === undefined ? '-' : value.toFixed(4);
}

export function interval(range: readonly [number, number] | null | undefined) {
	return range ? `${range[0].toFixed(4)} to ${range[1].toFixed(4)}` : '-';
}
