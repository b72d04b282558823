/**
 * Reasons as versions kept them that had no ids yet: the sentence of the language that was shown.
 * What was kept stays as it was when translations are changed, so these are never changed or
 * taken from the catalogue, of which a page has one language only.
 */
export const KEPT_SENTENCES: Readonly<Record<string, readonly string[]>> = {
	'weak-signs': [
		'The signs are weak or early',
		'Les signes sont faibles ou débutants',
		'Los signos son débiles o tempranos',
		'Os sinais são fracos ou iniciais',
		'Dalili ni hafifu au za mwanzo',
		'लक्षण हल्के या शुरुआती हैं',
		'العلامات ضعيفة أو مبكرة'
	],
	'hidden-place': [
		'Behind the heart or at the edge',
		'Derrière le cœur ou au bord',
		'Detrás del corazón o en el borde',
		'Atrás do coração ou na borda',
		'Nyuma ya moyo au pembezoni',
		'हृदय के पीछे या किनारे पर',
		'خلف القلب أو عند الحافة'
	],
	'film-unclear': [
		'The film is too dark, too bright or blurred',
		'Le cliché est trop sombre, trop clair ou flou',
		'La placa está demasiado oscura, demasiado clara o borrosa',
		'A radiografia está escura demais, clara demais ou desfocada',
		'Filamu ni nyeusi mno, nyeupe mno au ina ukungu',
		'फ़िल्म बहुत गहरी, बहुत हल्की या धुँधली है',
		'صورة الأشعة داكنة جدًا أو ساطعة جدًا أو غير واضحة'
	],
	'known-from-child': [
		'I know it from the child, not from the film',
		'Je le sais par l’enfant, pas par le cliché',
		'Lo sé por el niño, no por la placa',
		'Sei pela criança, não pela radiografia',
		'Najua kutokana na mtoto, si kutokana na filamu',
		'मुझे यह बच्चे से पता है, फ़िल्म से नहीं',
		'أعرف ذلك من الطفل، لا من الصورة'
	],
	'normal-shadow': [
		'A normal shadow: heart, thymus, ribs',
		'Une ombre normale : cœur, thymus, côtes',
		'Una sombra normal: corazón, timo, costillas',
		'Sombra normal: coração, timo, costelas',
		'Kivuli cha kawaida: moyo, tezi ya thymus, mbavu',
		'सामान्य छाया: हृदय, थाइमस, पसलियाँ',
		'ظل طبيعي: القلب أو الغدة الزعترية أو الأضلاع'
	],
	'fold-cloth-tube': [
		'Skin fold, cloth or tube on the film',
		'Pli de peau, tissu ou tube sur le cliché',
		'Pliegue de piel, ropa o tubo en la placa',
		'Prega de pele, roupa ou tubo na radiografia',
		'Mkunjo wa ngozi, nguo au mrija kwenye filamu',
		'फ़िल्म पर त्वचा की सिलवट, कपड़ा या नली',
		'ثنية جلد أو قماش أو أنبوب على الصورة'
	],
	'turned-or-breathed-out': [
		'The child is turned, or breathed out',
		'L’enfant est tourné, ou en expiration',
		'El niño está rotado o en espiración',
		'A criança está rodada ou em expiração',
		'Mtoto amegeuka, au ametoa pumzi',
		'बच्चा मुड़ा हुआ है, या उसने साँस छोड़ी हुई थी',
		'الطفل مائل، أو في حالة زفير'
	],
	'other-illness': [
		'Something else than pneumonia',
		'Autre chose qu’une pneumonie',
		'Algo distinto de neumonía',
		'Outra coisa que não pneumonia',
		'Kitu kingine, si nimonia',
		'निमोनिया के अलावा कुछ और',
		'شيء آخر غير الالتهاب الرئوي'
	],
	'young-ring': [
		'A young ring, small or pale',
		'Un anneau jeune, petit ou pâle',
		'Un anillo joven, pequeño o pálido',
		'Um anel jovem, pequeno ou pálido',
		'Pete changa, ndogo au hafifu',
		'नया रिंग, छोटा या हल्के रंग का',
		'حلقة فتيّة، صغيرة أو باهتة'
	],
	'edge-of-cell': [
		'At the edge of the cell',
		'Au bord de la cellule',
		'En el borde de la célula',
		'Na borda da célula',
		'Kwenye ukingo wa seli',
		'कोशिका के किनारे पर',
		'عند حافة الخلية'
	],
	'weak-stain': [
		'The stain is weak',
		'La coloration est faible',
		'La tinción es débil',
		'A coloração está fraca',
		'Rangi (stain) ni hafifu',
		'रंग हल्का चढ़ा है',
		'الصبغة ضعيفة'
	],
	'out-of-focus': [
		'The picture is out of focus',
		'L’image n’est pas nette',
		'La imagen está desenfocada',
		'A imagem está desfocada',
		'Picha haiko wazi (out of focus)',
		'तस्वीर फ़ोकस में नहीं है',
		'الصورة غير واضحة التركيز'
	],
	'stain-or-dirt': [
		'Stain or dirt on the cell',
		'Colorant ou saleté sur la cellule',
		'Colorante o suciedad sobre la célula',
		'Corante ou sujidade sobre a célula',
		'Rangi (stain) au uchafu juu ya seli',
		'कोशिका पर रंग का दाग़ या गंदगी',
		'صبغة أو أوساخ على الخلية'
	],
	platelet: [
		'A platelet on the cell',
		'Une plaquette sur la cellule',
		'Una plaqueta sobre la célula',
		'Uma plaqueta sobre a célula',
		'Chembe sahani (platelet) juu ya seli',
		'कोशिका पर प्लेटलेट',
		'صفيحة دموية على الخلية'
	],
	'white-cell': [
		'A white blood cell',
		'Un globule blanc',
		'Un glóbulo blanco',
		'Um glóbulo branco',
		'Seli nyeupe ya damu',
		'श्वेत रक्त कोशिका',
		'خلية دم بيضاء'
	],
	'several-cells': [
		'More than one cell in the picture',
		'Plus d’une cellule sur l’image',
		'Más de una célula en la imagen',
		'Mais de uma célula na imagem',
		'Zaidi ya seli moja kwenye picha',
		'तस्वीर में एक से अधिक कोशिकाएँ',
		'أكثر من خلية في الصورة'
	]
};
