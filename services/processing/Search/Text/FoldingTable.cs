using System.Collections.Frozen;

namespace CoolChat.Processing.Search.Text;

/// <summary>
/// Lower-case letters and what they are searched as: Latin, Greek and Cyrillic without diacritics, full-width and half-width forms as the
/// usual ones (from the decompositions of UnicodeData), and the variants of Arabic letters that writers mix up. A table, because the
/// server runs with invariant globalization, where strings do not normalize.
/// </summary>
internal static class FoldingTable
{
    /// <summary>Pairs: the letter, then its folded form.</summary>
    private const string Pairs =
        "ªa²2³3µμ¹1ºoàaáaâaãaäaåaçcèeéeêeëeìiíiîiïiñnòoóoôoõoöoùuúuûuüuýyÿyāaăaąaćcĉcċcčcďdēeĕeėeęeěeĝgğgġgģgĥhĩiīiĭiįi" +
        "İiĵjķkĺlļlľlńnņnňnōoŏoőoŕrŗrřrśsŝsşsšsţtťtũuūuŭuůuűuųuŵwŷyźzżzžzſsơoưuǎaǐiǒoǔuǖuǘuǚuǜuǟaǡaǣæǧgǩkǫoǭoǯʒǰjǵgǹnǻa" +
        "ǽæǿøȁaȃaȅeȇeȉiȋiȍoȏoȑrȓrȕuȗușsțtȟhȧaȩeȫoȭoȯoȱoȳyʰhʱɦʲjʳrʴɹʵɻʶʁʷwʸyˠɣˡlˢsˣxˤʕʹʹΐιάαέεήηίιΰυϊιϋυόούυώωϐβϑθϒυϓυϔυ" +
        "ϕφϖπϰκϱρϲςϵεйиѐеёеѓгїіќкѝиўуѷѵӂжӑаӓаӗеӛәӝжӟзӣиӥиӧоӫөӭэӯуӱуӳуӵчӹыḁaḃbḅbḇbḉcḋdḍdḏdḑdḓdḕeḗeḙeḛeḝeḟfḡgḣhḥhḧhḩhḫhḭi" +
        "ḯiḱkḳkḵkḷlḹlḻlḽlḿmṁmṃmṅnṇnṉnṋnṍoṏoṑoṓoṕpṗpṙrṛrṝrṟrṡsṣsṥsṧsṩsṫtṭtṯtṱtṳuṵuṷuṹuṻuṽvṿvẁwẃwẅwẇwẉwẋxẍxẏyẑzẓzẕzẖhẗtẘw" +
        "ẙyẛsạaảaấaầaẩaẫaậaắaằaẳaẵaặaẹeẻeẽeếeềeểeễeệeỉiịiọoỏoốoồoổoỗoộoớoờoởoỡoợoụuủuứuừuửuữuựuỳyỵyỷyỹyἀαἁαἂαἃαἄαἅαἆαἇα" +
        "ἐεἑεἒεἓεἔεἕεἠηἡηἢηἣηἤηἥηἦηἧηἰιἱιἲιἳιἴιἵιἶιἷιὀοὁοὂοὃοὄοὅοὐυὑυὒυὓυὔυὕυὖυὗυὠωὡωὢωὣωὤωὥωὦωὧωὰαάαὲεέεὴηήηὶιίιὸοόοὺυ" +
        "ύυὼωώωᾀαᾁαᾂαᾃαᾄαᾅαᾆαᾇαᾐηᾑηᾒηᾓηᾔηᾕηᾖηᾗηᾠωᾡωᾢωᾣωᾤωᾥωᾦωᾧωᾰαᾱαᾲαᾳαᾴαᾶαᾷαιιῂηῃηῄηῆηῇηῐιῑιῒιΐιῖιῗιῠυῡυῢυΰυῤρῥρῦυῧυῲω" +
        "ῳωῴωῶωῷω０0１1２2３3４4５5６6７7８8９9ａaｂbｃcｄdｅeｆfｇgｈhｉiｊjｋkｌlｍmｎnｏoｐpｑqｒrｓsｔtｕuｖvｗwｘxｙyｚzｦヲｧァｨィｩゥｪェｫォｬャｭュｮョｯッｰーｱアｲイｳウｴエ" +
        "ｵオｶカｷキｸクｹケｺコｻサｼシｽスｾセｿソﾀタﾁチﾂツﾃテﾄトﾅナﾆニﾇヌﾈネﾉノﾊハﾋヒﾌフﾍヘﾎホﾏマﾐミﾑムﾒメﾓモﾔヤﾕユﾖヨﾗラﾘリﾙルﾚレﾛロﾜワﾝンđdłløoıiħhŧtςσأاإاآاٱاىيةهؤو" +
        "ئيیيکك";

    private static readonly FrozenDictionary<char, char> Folded =
        Enumerable.Range(0, Pairs.Length / 2).ToFrozenDictionary(i => Pairs[2 * i], i => Pairs[(2 * i) + 1]);

    public static char Fold(char lower) => lower < 0x80 ? lower : Folded.GetValueOrDefault(lower, lower);
}
