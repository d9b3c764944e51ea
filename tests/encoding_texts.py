"""Spoken sentences in many languages, with the encodings that were usual for them before Unicode."""

from __future__ import annotations

TEXTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Russian": (
        ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic"),
        (
            "Мост откроют в мае.",
            "Никто не ушёл в отставку.",
            "Мы не будем платить за паром, сказал мэр города.",
            "Люди приходят за хлебом и остаются ради спектакля.",
            "Это стоило девятнадцать миллионов рублей.",
            "Вчера вечером совет проголосовал против нового маяка.",
        ),
    ),
    "Ukrainian": (
        ("cp1251", "koi8-u"),
        (
            "Міст відкриють у травні.",
            "Ніхто не пішов у відставку.",
            "Ми не платитимемо за пором, сказав міський голова.",
            "Люди приходять по хліб і залишаються на виставу.",
            "Це коштувало дев'ятнадцять мільйонів гривень.",
            "Учора ввечері рада проголосувала проти нового маяка.",
        ),
    ),
    "Bulgarian": (
        ("cp1251",),
        (
            "Мостът ще бъде открит през май.",
            "Никой не подаде оставка.",
            "Няма да плащаме за ферибота, каза кметът.",
            "Хората идват за хляба и остават за пиесата.",
            "Това струваше деветнадесет милиона лева.",
            "Снощи съветът гласува против новия фар.",
        ),
    ),
    "Polish": (
        ("cp1250", "iso8859-2", "cp852"),
        (
            "Most zostanie otwarty w maju.",
            "Nikt nie podał się do dymisji.",
            "Nie będziemy płacić za prom, powiedział burmistrz.",
            "Ludzie przychodzą po chleb i zostają na przedstawienie.",
            "Kosztowało to dziewiętnaście milionów złotych.",
            "Wczoraj wieczorem rada głosowała przeciwko nowej latarni.",
        ),
    ),
    "Czech": (
        ("cp1250", "iso8859-2", "cp852"),
        (
            "Most se otevře v květnu.",
            "Nikdo neodstoupil ze své funkce.",
            "Za trajekt platit nebudeme, řekl starosta města.",
            "Lidé přicházejí pro chléb a zůstávají na představení.",
            "Stálo to devatenáct miliónů korun.",
            "Včera večer hlasovala rada proti novému majáku.",
        ),
    ),
    "Hungarian": (
        ("cp1250", "iso8859-2"),
        (
            "A hidat májusban nyitják meg.",
            "Senki sem mondott le.",
            "Nem fogunk fizetni a kompért, mondta a polgármester.",
            "Az emberek a kenyérért jönnek, és a darab miatt maradnak.",
            "Tizenkilenc millió forintba került az egész.",
            "Tegnap este a tanács az új világítótorony ellen szavazott.",
        ),
    ),
    "Greek": (
        ("cp1253", "iso8859-7"),
        (
            "Η γέφυρα θα ανοίξει τον Μάιο.",
            "Κανείς δεν παραιτήθηκε.",
            "Δεν θα πληρώσουμε για το πλοίο, είπε ο δήμαρχος.",
            "Ο κόσμος έρχεται για το ψωμί και μένει για το έργο.",
            "Κόστισε δεκαεννέα εκατομμύρια ευρώ.",
            "Χθες το βράδυ το συμβούλιο ψήφισε κατά του νέου φάρου.",
        ),
    ),
    "Turkish": (
        ("cp1254", "iso8859-9"),
        (
            "Köprü mayıs ayında açılacak.",
            "Hiç kimse istifa etmedi.",
            "Feribot için para ödemeyeceğiz, dedi belediye başkanı.",
            "İnsanlar ekmek için geliyor ve oyun için kalıyor.",
            "Bu on dokuz milyon liraya mal oldu.",
            "Dün akşam meclis yeni deniz fenerine karşı oy kullandı.",
        ),
    ),
    "Hebrew": (
        ("cp1255", "iso8859-8"),
        (
            "הגשר ייפתח בחודש מאי.",
            "אף אחד לא התפטר.",
            "לא נשלם על המעבורת, אמר ראש העיר.",
            "אנשים באים בשביל הלחם ונשארים בשביל ההצגה.",
            "זה עלה תשעה עשר מיליון שקלים.",
            "אתמול בערב הצביעה המועצה נגד המגדלור החדש.",
        ),
    ),
    "Arabic": (
        ("cp1256", "iso8859-6"),
        (
            "سيتم افتتاح الجسر في شهر مايو.",
            "لم يستقل أحد من منصبه.",
            "لن ندفع ثمن العبارة، قال رئيس البلدية.",
            "يأتي الناس من أجل الخبز ويبقون من أجل المسرحية.",
            "لقد كلف ذلك تسعة عشر مليون دولار.",
            "صوت المجلس مساء أمس ضد المنارة الجديدة.",
        ),
    ),
    "Chinese": (
        ("gb18030", "gbk"),
        (
            "大桥将在五月开通。",
            "没有人辞职。",
            "市长说，我们不会为渡轮付钱。",
            "人们为面包而来，为戏剧而留下。",
            "这花了一千九百万元。",
            "昨天晚上，议会投票反对新的灯塔。",
        ),
    ),
    "Chinese of Taiwan": (
        ("big5", "cp950"),
        (
            "大橋將在五月開通。",
            "沒有人辭職。",
            "市長說，我們不會為渡輪付錢。",
            "人們為了麵包而來，為了戲劇而留下。",
            "這花了一千九百萬元。",
            "昨天晚上，議會投票反對新的燈塔。",
        ),
    ),
    "Japanese": (
        ("cp932", "shift_jis", "euc_jp", "iso2022_jp"),
        (
            "橋は五月に開通します。",
            "誰も辞任しませんでした。",
            "市長は、フェリーの費用は払わないと言いました。",
            "人々はパンを買いに来て、芝居を見るために残ります。",
            "それには千九百万円かかりました。",
            "昨夜、議会は新しい灯台に反対の投票をしました。",
        ),
    ),
    "Korean": (
        ("cp949", "euc_kr"),
        (
            "다리는 오월에 개통됩니다.",
            "아무도 사임하지 않았습니다.",
            "시장은 여객선 비용을 내지 않겠다고 말했다.",
            "사람들은 빵을 사러 와서 연극을 보려고 남는다.",
            "그것은 천구백만 원이 들었다.",
            "어젯밤 의회는 새로운 등대에 반대하는 표를 던졌다.",
        ),
    ),
    "German": (
        ("cp1252", "iso8859-1", "mac_roman", "cp850"),
        (
            "Die Brücke öffnet im Mai.",
            "Niemand trat zurück.",
            "Wir zahlen nicht für die Fähre, sagte der Bürgermeister.",
            "Die Leute kommen für das Brot und bleiben für das Stück.",
            "Das hat neunzehn Millionen gekostet, natürlich.",
            "Gestern Abend stimmte der Rat über den Leuchtturm ab, heißt es.",
        ),
    ),
    "French": (
        ("cp1252", "iso8859-1", "mac_roman", "iso8859-15"),
        (
            "Le pont ouvrira en mai, c'est décidé.",
            "Personne n'a démissionné.",
            "Nous ne paierons pas le ferry, a déclaré le maire.",
            "Les gens viennent pour le pain et restent pour la pièce.",
            "Ça a coûté dix-neuf millions, peut-être même plus.",
            "Hier soir, le conseil a voté contre le nouveau phare à l'entrée.",
        ),
    ),
    "Spanish": (
        ("cp1252", "iso8859-1"),
        (
            "El puente abrirá en mayo.",
            "Nadie dimitió, según el señor alcalde.",
            "¿Quién pagará el transbordador? Nosotros no.",
            "La gente viene por el pan y se queda por la función.",
            "Costó diecinueve millones, ni más ni menos.",
            "Anoche el consejo votó en contra del faro nuevo, ¡qué lástima!",
        ),
    ),
    "Swedish": (
        ("cp1252", "iso8859-1"),
        (
            "Bron öppnar i maj.",
            "Ingen avgick från sin post på måndagen.",
            "Vi tänker inte betala för färjan, sade borgmästaren.",
            "Folk kommer för brödet och stannar för pjäsen.",
            "Det kostade nitton miljoner, så är det.",
            "I går kväll röstade rådet mot den nya fyren.",
        ),
    ),
    "Romanian": (
        ("cp1250", "iso8859-2"),
        (
            "Podul va fi deschis în luna mai.",
            "Nimeni nu a demisionat până acum.",
            "Nu vom plăti pentru feribot, a spus primarul oraşului.",
            "Oamenii vin pentru pâine şi rămân pentru piesă.",
            "A costat nouăsprezece milioane de lei.",
            "Aseară consiliul a votat împotriva noului far.",
        ),
    ),
    "Lithuanian": (
        ("cp1257", "iso8859-13"),
        (
            "Tiltas bus atidarytas gegužės mėnesį.",
            "Niekas neatsistatydino.",
            "Mes nemokėsime už keltą, sakė miesto meras.",
            "Žmonės ateina duonos ir lieka žiūrėti spektaklio.",
            "Tai kainavo devyniolika milijonų eurų.",
            "Vakar vakare taryba balsavo prieš naują švyturį.",
        ),
    ),
    "Latvian": (
        ("cp1257",),
        (
            "Tilts tiks atvērts maijā.",
            "Neviens neatkāpās no amata.",
            "Mēs nemaksāsim par prāmi, teica pilsētas mērs.",
            "Cilvēki nāk pēc maizes un paliek uz izrādi.",
            "Tas maksāja deviņpadsmit miljonus eiro.",
            "Vakar vakarā padome balsoja pret jauno bāku.",
        ),
    ),
    "Vietnamese": (
        ("cp1258",),
        (
            "Cây cầu sẽ mở vào tháng năm.",
            "Không ai từ chức cả.",
            "Chúng tôi sẽ không trả tiền cho chiếc phà, thị trưởng nói.",
            "Mọi người đến vì bánh mì và ở lại vì vở kịch.",
            "Nó tốn mười chín triệu đồng.",
            "Tối qua hội đồng đã bỏ phiếu chống lại ngọn hải đăng mới.",
        ),
    ),
    "Thai": (
        ("cp874", "tis-620"),
        (
            "สะพานจะเปิดในเดือนพฤษภาคม",
            "ไม่มีใครลาออก",
            "เราจะไม่จ่ายค่าเรือข้ามฟาก นายกเทศมนตรีกล่าว",
            "ผู้คนมาเพื่อขนมปังและอยู่เพื่อดูละคร",
            "มันมีราคาสิบเก้าล้านบาท",
            "เมื่อคืนนี้สภาลงคะแนนคัดค้านประภาคารใหม่",
        ),
    ),
}


def encode(text: str, encoding: str) -> bytes:
    """Encode a text; Vietnamese in Windows-1258 has its tone marks behind the letters."""
    if encoding != "cp1258":
        return text.encode(encoding)
    import unicodedata

    coded = b""
    for letter in text:
        for form in (letter, unicodedata.normalize("NFD", letter)):
            try:
                coded += form.encode(encoding)
                break
            except UnicodeEncodeError:
                continue
        else:
            base, *marks = list(unicodedata.normalize("NFD", letter))
            kept = unicodedata.normalize("NFC", base + "".join(m for m in marks if m in "\u0302\u0306\u031b"))
            coded += (kept + "".join(m for m in marks if m not in "\u0302\u0306\u031b")).encode(encoding)
    return coded
