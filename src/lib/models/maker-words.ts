/**
 * What those who made a model say of it, in the language of the page. The manifest's English is
 * the truth: a sentence that the catalogue does not have is shown as it stands there.
 */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

/** A part of a text, ready to be shown. */
export interface MakerPart {
	text: string;
	/** `en` where the catalogue lacks it, so that it is in English on a page that is not. */
	lang: 'en' | undefined;
}

/** A sentence of the catalogue; `n1`, `n2` are its figures, which a new version may change. */
type Sentence = (
	figures: { n1: string; n2: string },
	options?: { locale?: 'en' | undefined }
) => string;

/** Every sentence and name of the models that this site offers. */
const SENTENCES: readonly Sentence[] = [
	m.models_said_name_chest,
	m.models_said_name_malaria,
	m.models_said_point_sensitive,
	m.models_said_point_balanced,
	m.models_said_point_specific,
	m.models_said_set_validation,
	m.models_said_set_shift,
	m.models_said_set_test,
	m.models_said_set_adults,
	m.models_said_people_adults,
	m.models_said_validation,
	m.models_said_shift,
	m.models_said_test_chest,
	m.models_said_test_malaria,
	m.models_said_test_adults,
	m.models_said_not_intended,
	m.models_said_run_on,
	m.models_said_group_bacterial,
	m.models_said_group_viral,
	m.models_said_group_healthy_cells,
	m.models_said_group_healthy_patients,
	m.models_said_sensitivity,
	m.models_said_specificity,
	m.models_said_kind_chest,
	m.models_said_kind_cells,
	m.models_said_kind_noise,
	m.models_said_kind_patterns,
	m.models_said_kind_photographs,
	m.models_said_kind_text,
	m.models_said_kind_dicom,
	m.models_said_kind_inverted,
	m.models_said_kind_turned,
	m.models_said_kind_fields,
	m.models_said_warning_chest_1,
	m.models_said_warning_chest_2,
	m.models_said_use_chest_1,
	m.models_said_use_chest_2,
	m.models_said_limit_chest_1,
	m.models_said_limit_chest_2,
	m.models_said_limit_chest_3,
	m.models_said_limit_chest_4,
	m.models_said_limit_chest_5,
	m.models_said_limit_chest_6,
	m.models_said_limit_chest_7,
	m.models_said_limit_chest_8,
	m.models_said_limit_heat_map,
	m.models_said_limit_chest_10,
	m.models_said_limit_chest_11,
	m.models_said_warning_malaria_1,
	m.models_said_warning_malaria_2,
	m.models_said_use_malaria_1,
	m.models_said_use_malaria_2,
	m.models_said_limit_malaria_1,
	m.models_said_limit_malaria_2,
	m.models_said_limit_malaria_3,
	m.models_said_limit_malaria_4,
	m.models_said_limit_malaria_5,
	m.models_said_limit_malaria_6,
	m.models_said_limit_malaria_7,
	m.models_said_limit_malaria_8,
	m.models_said_limit_malaria_9
];

/** Where a figure stands in a sentence: a number, or the name of a network or a backend. */
const FIGURE = '([\\p{L}\\p{N}](?:[\\p{L}\\p{N}.,-]*[\\p{L}\\p{N}])?)';
const MARKS = { n1: '⟦1⟧', n2: '⟦2⟧' };

interface Known {
	sentence: Sentence;
	/** Matches the English sentence; its groups are the figures, in the order of `order`. */
	pattern: RegExp;
	order: ('n1' | 'n2')[];
}

let known: { exact: Map<string, Sentence>; patterns: Known[] } | null = null;

/** The English sentences, to look others up in; made when first asked for. */
function knownSentences() {
	if (known) return known;
	const exact = new Map<string, Sentence>();
	const patterns: Known[] = [];
	for (const sentence of SENTENCES) {
		const english = sentence(MARKS, { locale: 'en' });
		const marks = english.match(/⟦[12]⟧/g);
		if (!marks) {
			exact.set(english, sentence);
			continue;
		}
		const escaped = english.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		patterns.push({
			sentence,
			pattern: new RegExp(`^${escaped.replace(/⟦[12]⟧/g, FIGURE)}$`, 'u'),
			order: marks.map((mark) => (mark === MARKS.n1 ? 'n1' : 'n2'))
		});
	}
	known = { exact, patterns };
	return known;
}

/** A figure as the page writes figures; what is no number stays as it is. */
function figureText(figure: string): string {
	const digits = /^\d+(?:\.(\d+))?$/.exec(figure);
	return digits ? numberText(Number(figure), digits[1]?.length ?? 0) : figure;
}

/** One sentence or name in the page's language; null where the catalogue lacks it. */
function translated(english: string): string | null {
	const { exact, patterns } = knownSentences();
	const sentence = exact.get(english);
	if (sentence) return sentence({ n1: '', n2: '' });
	for (const { sentence, pattern, order } of patterns) {
		const found = pattern.exec(english);
		if (!found) continue;
		const figures = { n1: '', n2: '' };
		order.forEach((place, i) => (figures[place] = figureText(found[i + 1])));
		return sentence(figures);
	}
	return null;
}

/** The sentences of a text; an abbreviation before a small letter or a digit ends none. */
function sentencesOf(text: string): string[] {
	const found = text.match(/.+?(?:[.!?](?=\s+\p{Lu})|$)/gsu) ?? [];
	return found.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/** A text of a manifest sentence by sentence, each as the page can say it. */
export function makerParts(text: string): MakerPart[] {
	if (getLocale() === 'en') return [{ text, lang: undefined }];
	return sentencesOf(text).map((sentence) => {
		const words = translated(sentence);
		return words === null ? { text: sentence, lang: 'en' } : { text: words, lang: undefined };
	});
}

/** A name of a manifest (of a model, a setting, a set of images) as the page can say it. */
export function makerName(name: string): string {
	return getLocale() === 'en' ? name : (translated(name) ?? name);
}

/**
 * The sentences of texts that the catalogue lacks, in whatever language the page is: what the
 * test of the shipped models asks, and whether a card has to say why it speaks English.
 */
export function untranslated(texts: readonly string[]): string[] {
	return texts.flatMap(sentencesOf).filter((sentence) => translated(sentence) === null);
}
