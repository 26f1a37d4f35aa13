#include "audio/tag_encoding.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "lib/icu/decode_text.hpp"
#include "util/utf8.hpp"

namespace audio_ident::audio {
namespace {

/// Encodes UTF-8; characters that the encoding lacks become SUB.
std::string encoded(std::string_view utf8, const char* encoding) {
    const auto text = icu::decode_text(utf8, "UTF-8").value();
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(encoding, &error), ucnv_close);
    std::string bytes(4 * text.size(), '\0');
    const auto length = ucnv_fromUChars(converter.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                        text.data(), static_cast<std::int32_t>(text.size()), &error);
    EXPECT_TRUE(U_SUCCESS(error)) << utf8;
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
}

/// "artist|title|album" in that encoding.
std::vector<std::string> file_in(std::string_view tags, const char* encoding) {
    std::vector<std::string> texts;
    while (true) {
        const auto end = tags.find('|');
        texts.push_back(encoded(tags.substr(0, end), encoding));
        if (end == std::string_view::npos) return texts;
        tags.remove_prefix(end + 1);
    }
}

std::string_view detected(std::string_view tags, const char* encoding) {
    return detect_tag_encoding(file_in(tags, encoding));
}

constexpr const char* kWestern[] = {
    "Björk|Jóga|Homogenic",
    "Sigur Rós|Ágætis byrjun|Ágætis byrjun",
    "Sigur Rós|Ný batterí|Með suð í eyrum við spilum endalaust",
    "Ásgeir Trausti|Dýrð í dauðaþögn|Dýrð í dauðaþögn",
    "Ólafur Arnalds|Þú ert jörðin|...og þau hafa sloppið undan þunga myrkursins",
    "Motörhead|Ace of Spades|No Sleep ’til Hammersmith",
    "Mötley Crüe|Girls, Girls, Girls|Dr. Feelgood",
    "Blue Öyster Cult|(Don’t Fear) The Reaper|Agents of Fortune",
    "Françoise Hardy|Tous les garçons et les filles|L’Amitié",
    "Édith Piaf|Non, je ne regrette rien|À l’Olympia",
    "Hélène Ségara|Élu par cette crevette|Cœur de verre",
    "Noir Désir|Le vent nous portera|Des visages des figures",
    "Camille Saint-Saëns|Le Carnaval des animaux: L’éléphant|Œuvres complètes",
    "Zaz|Où va le monde|Sans tsu tsou",
    "Maurice Ravel|Ma mère l’Oye|Boléro",
    "Céline Dion|D’eux|À plus tard",
    "Serge Gainsbourg|Initials B.B.|Je t’aime… moi non plus",
    "Die Ärzte|Männer sind Schweine|Geräusch",
    "Herbert Grönemeyer|Männer|Bochum",
    "Die Toten Hosen|Schönen Gruß, auf Wiederseh’n|Öffentliches Ärgernis",
    "Einstürzende Neubauten|Haus der Lüge|Fünf auf der nach oben offenen Richterskala",
    "Günther & Übermut|Für Elise|Größte Hits",
    "Franz Schubert|Der König in Thule|Müller-Lieder",
    "Rammstein|Büch dich|Sehnsucht",
    "José González|Heartbeats|Veneer",
    "Joaquín Sabina|Y nos dieron las diez|Física y química",
    "Maná|¿Dónde jugarán los niños?|¿Dónde jugarán los niños?",
    "Café Tacvba|Ingrata|Ré",
    "Héroes del Silencio|Entre dos tierras|Senderos de traición",
    "Mägo de Oz|Fiesta pagana|Finisterra",
    "Luis Miguel|¡Qué bonito!|Años",
    "Núria Feliu|Cançó de bressol|L’home del carrer",
    "Lluís Llach|L’Estaca|Viatge a Ítaca",
    "Mishima|Tornaràs a tremolar|Ordre i aventura",
    "João Gilberto|Chega de saudade|O amor, o sorriso e a flor",
    "Antônio Carlos Jobim|Águas de março|Elis & Tom",
    "Caetano Veloso|Coração vagabundo|Domingo",
    "Os Mutantes|Ando meio desligado|A divina comédia ou ando meio desligado",
    "Amália Rodrigues|Canção do mar|Com que voz",
    "Marisa Monte|Não vá embora|Memórias, crônicas e declarações de amor",
    "Secos & Molhados|Sangue latino|São João, Xangô menino",
    "Sérgio Mendes|Mas que nada|Günter Grass lê",
    "Måneskin|Zitti e buoni|Teatro d’ira",
    "Lucio Battisti|Il mio canto libero|Più di là",
    "Fabrizio De André|La canzone di Marinella|Creuza de mä",
    "Franco Battiato|La cura|Perché sì",
    "Kent|Kärleken väntar|Vapen & ammunition",
    "Håkan Hellström|Känn ingen sorg för mig Göteborg|Det är så jag säger det",
    "Robyn|Med varje hjärtslag|Åsa",
    "Värttinä|Seelinnikoi|Ilmatar",
    "Eppu Normaali|Murheellisten laulujen maa|Tähdenlento yössä",
    "Yö|Särkyneille|Nuorallatanssija",
    "Röyksopp|Eple|Melody A.M.",
    "Røyksopp|Så enkelt|Junior",
    "Kaizers Orchestra|Kontroll på kontinentet|Ompa til du dør",
    "Bjørn Eidsvåg|Eg ser|Allemannsland på Øy",
    "Ole Paus|Blå gull og rød æra|Så nær",
    "Sissel Kyrkjebø|Å Vestland, Vestland|Møe",
    "Dizzy Mizz Lizzy|Silverflame|Rotator på Ærø",
    "Kim Larsen|Kvinde min|Værsgo og Østersø",
    "Gasolin’|Rabalderstræde|Stakkels Jim på Nørrebro",
    "Eivør Pálsdóttir|Tròdlabùndin|Slør",
    "Eivør|Brostnar borgir|Mannabarn frá Skálafjørði",
    "Valravn|Koder på snor|Føroyar ljóð",
    "Runrig|Sìol Ghoraidh|Cànan nan Gàidheal",
    "Julie Fowlis|Òran na Cloiche|Mar a tha mo chridhe",
    "Clannad|Coinleach glas an fhómhair|Dúlamán",
    "Siân James|Cân y gwcw|Di-gwsg, fy nghâr",
    "Bryn Fôn|Môr|Y goreuon",
    "Tõnu Kõrvits|Jää puud|Kreegi vihik",
    "Arvo Pärt|Für Alina|Häälemõõt",
    "Veljo Tormis|Jäääär|Õhtulaul",
    "Rolf Løvland|Nocturne|Songs from a Secret Garden",
    "Queensrÿche|Silent Lucidity|Empire",
    "Ænima|Éveil|Ÿ",
    "Beyoncé|Déjà vu|B’Day",
    "Sinéad O’Connor|Óró sé do bheatha ’bhaile|Sean-nós nua",
    "Chloë & Zoë|Naïveté|Citroën",
    "Antonín Dvorák|Rusalka|Symphony No. 9 “From the New World”",
    "Béla Bartók|Gyermekeknek|Mikrokosmos",
    "Leoš Janácek|Káta Kabanová|Sinfonietta",
    "Martin Solveig|Hello – Été|½ price",
    "AC/DC|Highway to Hell|© 1979 ® Atlantic™",
    "ÅÄÖ|ÄÖ|Öö",
    "Üüüh|Ähh|Ôôô",
    "Ø|Å|Æ",
    "Mø|XXX 88|No Mythologies",
    "Mano Negra|Señor Matanza|Casa Babylon",
    "Kassav’|Zouk-la sé sèl médikaman nou ni|An-ba-chen’n la",
    "Boukman|Kè m pa sote|Kreyòl lanmò",
    "Sezen Aksu|Gülümse|Sezen Aksu söylüyor",
    "Mari Boine|Áššu|Gula gula",
    "Stromae|Papaoutai|Racine carrée",
    "Angèle|Balance ton quoi|Brol",
    "Clara Luciani|La grenade|Sainte-Victoire",
    "Camarón de la Isla|Volando voy|La leyenda del tiempo",
    "Mercedes Sosa|Gracias a la vida|Cantora, un viaje íntimo",
    "Björn & Sérgio|João’s Blüte|Ça ira",
    "Édouard Lalo|Symphonie espagnole|Ñandú à la carte",
    "Händel|Süße Stille, sanfte Quelle|Neun Deutsche Arien",
    "Köln Concert|Teil 1 – Straße|“Öl”",
    "Mónica Naranjo|Desátame|Palabra de mujer",
    "L·lull|Col·lecció|Paral·lel",
    "Danger Mouse|Don’t stop—now|It’s …",
    "Team Spïrit|No. º ª",
    "Sven-Bertil Taube|Så skimrande var aldrig havet|Évert Taube",
    "À la claire fontaine|È vero",
    "Kølig Kaj|Så’ det nu|Øl, æg & Åge",
    "Lasse Berghagen|En kväll i juni|Hälsning från en sommarö",
};

// Each file as a whole, and each of its tags alone: nothing here may be taken for another encoding.
TEST(TagEncoding, RightWesternTagsStayAsTheyAre) {
    for (const char* tags : kWestern) {
        const auto texts = file_in(tags, "windows-1252");
        const TagDecoder decoder(texts, {});
        EXPECT_EQ(decoder.encoding(), kWesternEncoding) << tags;
        std::string read;
        for (const std::string& text : texts) {
            EXPECT_EQ(detect_tag_encoding(std::span(&text, 1)), "") << tags;
            read += (read.empty() ? "" : "|") + decoder.decode(text);
        }
        EXPECT_EQ(read, tags);
    }
}

struct Corpus {
    const char* name;
    const char* encoding;
    std::vector<const char*> files;
};

const Corpus kCorpora[] = {
    {"windows-1251",
     "windows-1251",
     {"Кино|Группа крови|Группа крови",
      "ДДТ|Что такое осень|Актриса Весна",
      "Би-2|Полковнику никто не пишет|Би-2",
      "Земфира|Искала|Прости меня моя любовь",
      "Аквариум|Город золотой|Десять стрел",
      "Алиса|Трасса Е-95|Дурень",
      "Виктор Цой|Пачка сигарет|Звезда по имени Солнце",
      "Сплин|Выхода нет|Гранатовый альбом",
      "Мумий Тролль|Владивосток 2000|Морская",
      "Ленинград|WWW|Дачники",
      "Океан Ельзи|Без бою|Gloria",
      "Скрябін|Місця щасливих людей|Хробак",
      "ВВ|Весна|Музіка",
      "Ляпис Трубецкой|Воины света|Весёлые картинки",
      "Алла Пугачёва|Миллион алых роз|Ах, как хочется жить",
      "Щурците|Клетва|Двайсетият век",
      "Пётр Чайковский|Щелкунчик|Лебединое озеро",
      "Сергей Рахманинов|Прелюдия до-диез минор|Концерт № 2",
      "ЛЮБЭ|КОМБАТ|КОМБАТ",
      "Кино|Кино|Кино",
      "Троль гнёт ель|Зима|Зима",
      "Ария|Улица роз|Герой асфальта",
      "Наутилус Помпилиус|Скованные одной цепью|Разлука",
      "тату|Я сошла с ума|200 по встречной"}},
    {"GBK",
     "GBK",
     {"周杰伦|青花瓷|我很忙", "王菲|红豆|唱游", "陈奕迅|十年|黑白灰", "邓丽君|月亮代表我的心|岛国之情歌",
      "张学友|吻别|吻别", "刘德华|忘情水|忘情水", "蔡依林|倒带|城堡", "五月天|倔强|神的孩子都在跳舞",
      "孙燕姿|遇见|完美的一天", "朴树|平凡之路|猎户星座", "崔健|一无所有|新长征路上的摇滚", "林俊杰|江南|第二天堂",
      "Jay Chou 周杰伦|夜曲|十一月的萧邦", "毛不易|消愁|平凡的一天"}},
    {"Big5",
     "Big5",
     {"張惠妹|聽海|姊妹", "周杰倫|青花瓷|我很忙", "鄧麗君|月亮代表我的心|島國之情歌", "伍佰|浪人情歌|浪人情歌",
      "五月天|溫柔|愛情萬歲", "羅大佑|童年|之乎者也"}},
    {"Shift_JIS",
     "windows-31j",
     {"宇多田ヒカル|桜流し|ファントーム", "椎名林檎|丸の内サディスティック|無罪モラトリアム",
      "スピッツ|ロビンソン|ハチミツ", "米津玄師|レモン|ブートレグ", "久石譲|もののけ姫|となりのトトロ",
      "坂本龍一|戦場のメリークリスマス|メディア・バーン・ライヴ", "中島みゆき|糸|イーストアジア",
      "サザンオールスターズ|いとしのエリー|ナンバーズ", "東京事変|群青日和|教育",
      "YMO|ライディーン|ソリッド・ステイト・サヴァイヴァー",
      "B'z|愛のままにわがままに 僕は君だけを傷つけない|ザ・セブンス・ブルース"}},
    {"windows-1250",
     "windows-1250",
     {"Lucie|Amerika|Černý kočky mokrý žáby", "Leoš Janáček|Příhody lišky Bystroušky|Její pastorkyňa",
      "Czesław Niemen|Dziwny jest ten świat|Wspomnienie", "Lech Janerka|Jest jak w niebie|Bruhaha łódź",
      "Kult|Polska|Posłuchaj to do ciebie, żółć", "Edyta Górniak|To nie ja byłam Ewą|Dotyk",
      "LGT|Ringasd el magad|Bummm! Gyönyörű", "Bijelo dugme|Đurđevdan|Ćiribiribela čaršija",
      "Zdravko Čolić|Ti si mi u krvi|Čoček, šećer"}},
    {"windows-949",
     "windows-949",
     {"소녀시대|다시 만난 세계|소녀시대", "방탄소년단|피 땀 눈물|윙스", "아이유|좋은 날|리얼",
      "서태지와 아이들|난 알아요|서태지와 아이들"}},
};

TEST(TagEncoding, OtherEncodingsAreTold) {
    for (const Corpus& corpus : kCorpora) {
        for (const char* tags : corpus.files) EXPECT_EQ(detected(tags, corpus.encoding), corpus.name) << tags;
    }
}

// Without any rule for these, an answer could only be wrong.
TEST(TagEncoding, UnknownEncodingsAreLeftAlone) {
    EXPECT_EQ(detected("Μίκης Θεοδωράκης|Ζορμπάς|Άξιον εστί", "windows-1253"), "");
    EXPECT_EQ(detected("ΧΑΡΙΣ ΑΛΕΞΙΟΥ|ΕΛΛΑΔΑ|ΤΑ ΤΡΑΓΟΥΔΙΑ", "windows-1253"), "");
    EXPECT_EQ(detected("עברית|שלום|ירושלים של זהב", "windows-1255"), "");
    EXPECT_EQ(detected("שלמה ארצי|גבר הולך לאיבוד|חצות", "windows-1255"), "");
    EXPECT_EQ(detected("عمرو دياب|تملي معاك|حبيبي", "windows-1256"), "");
    EXPECT_EQ(detected("أم كلثوم|إنت عمري|ألف ليلة وليلة", "windows-1256"), "");
    EXPECT_EQ(detected("فيروز|نسم علينا الهوى|شط اسكندرية", "windows-1256"), "");
    EXPECT_EQ(detected("Barış Manço|Gülpembe|Sarı çizmeli Mehmet Ağa", "windows-1254"), "");
    EXPECT_EQ(detected("Tarkan|Şımarık|Ölürüm sana", "windows-1254"), "");
    EXPECT_EQ(detected("Müslüm Gürses|İtirazım var|Güneş", "windows-1254"), "");
    EXPECT_EQ(detected("คาราบาว|เมดอินไทยแลนด์|คนรักปลาคาร์ฟ", "windows-874"), "");
    EXPECT_EQ(detected("Līvi|Dzelzgriezējs|Iedomu pilsēta", "windows-1257"), "");
    EXPECT_EQ(detected("Andrius Mamontovas|Saulės miestas|Šiaurės naktis", "windows-1257"), "");
    EXPECT_EQ(detected("Кино|Группа крови|Звезда по имени Солнце", "KOI8-R"), "");
}

TEST(TagEncoding, TooLittleTextIsLeftAlone) {
    EXPECT_EQ(detect_tag_encoding({}), "");
    EXPECT_EQ(detected("ДДТ", "windows-1251"), "");
    EXPECT_EQ(detected("ÅÄÖ", "windows-1252"), "");
    EXPECT_EQ(detected("你", "GBK"), "");
    EXPECT_EQ(detected("你好", "GBK"), "");  // might be Korean
}

// ID3v1 ends each text at 30 bytes.
TEST(TagEncoding, AReadTextMayEndInHalfACharacter) {
    const auto texts = file_in("周杰伦|青花瓷|我很忙", "GBK");
    const TagDecoder decoder(texts, {});
    EXPECT_EQ(decoder.decode(texts[0] + "\xCE"), "周杰伦");
}

TEST(TagEncoding, AnUnreadableTextIsReadAsWestern) {
    const auto texts = file_in("周杰伦|青花瓷|我很忙", "GBK");
    const TagDecoder decoder(texts, {});
    EXPECT_EQ(decoder.decode("a\xFF\xFF b"), "aÿÿ b");
    EXPECT_EQ(TagDecoder({}, "no such encoding").decode("caf\xE9"), "café");
}

}  // namespace
}  // namespace audio_ident::audio
