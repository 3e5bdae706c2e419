using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>What holds for every <see cref="IMessageSearch"/> behind a real log.</summary>
public abstract class MessageSearchContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-search-").FullName;
    private readonly Neighbours _neighbours = new();
    private readonly Guid _ada = Guid.CreateVersion7();
    private readonly Guid _bo = Guid.CreateVersion7();
    private readonly Guid _cy = Guid.CreateVersion7();
    private SearchWorld _world = null!;
    private Guid _room;

    protected abstract Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours);

    public async ValueTask InitializeAsync()
    {
        _world = await OpenAsync(_folder, _neighbours);
        _room = await _world.GroupAsync(_ada, [_bo]);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("The quick brown fox", "quick", "quick")]
    [InlineData("The quick brown fox", "QUICK fox", "quick|fox")]
    [InlineData("The quick brown fox", "\"quick brown\"", "quick brown")]
    [InlineData("The quick brown fox", "bro*", "brown")]
    [InlineData("Crème brûlée in Zürich", "creme zurich", "Crème|Zürich")]
    [InlineData("Die Straße", "strasse", "Straße")]
    [InlineData("see https://example.com/a-b?c=d now", "example.com", "example.com")]
    [InlineData("don't panic", "don't", "don't")]
    [InlineData("我今天去北京大学", "北京", "北京")]
    [InlineData("我今天去北京大学", "学", "学")]
    [InlineData("我今天去北京大学", "北京大学", "北京大学")]
    [InlineData("我爱CoolChat应用", "爱CoolChat应", "爱CoolChat应")]
    [InlineData("東京タワーへ行きました", "タワー", "タワー")]
    [InlineData("학교에서 만나요", "학교", "학교")]
    [InlineData("สวัสดีครับผม", "ครับ", "ครับ")]
    [InlineData("مرحباً بالعالَم", "بالعالم", "بالعالَم")]
    [InlineData("שלום עולם", "שלום", "שלום")]
    [InlineData("हिन्दी में लिखा", "हिन्दी", "हिन्दी")]
    [InlineData("Ёлка зелёная", "елка", "Ёлка")]
    [InlineData("party 🎉 tonight", "🎉", "🎉")]
    [InlineData("ok 👍🏽 👩‍👩‍👧", "👍", "👍")]
    [InlineData("ＦＵＬＬ width", "full", "ＦＵＬＬ")]
    public async Task Search_AnyScript_FindsAndHighlights(string text, string query, string highlighted)
    {
        Guid message = await _world.SendAsync(_room, _ada, text);
        await _world.SendAsync(_room, _ada, "nothing of that");
        await _world.CatchUpAsync();

        SearchHit hit = Assert.Single((await _world.FindAsync(_bo, query)).Items);

        Assert.Equal(message, hit.Message.MessageId);
        Assert.Equal(text, hit.Snippet);
        Assert.Equal(highlighted.Split('|'), hit.Highlights.Chunk(2).Select(pair => hit.Snippet.Substring(pair[0], pair[1])));
    }

    [Theory]
    [InlineData("The quick brown fox", "brown quick fix")]
    [InlineData("The quick brown fox", "\"brown quick\"")]
    [InlineData("The quick brown fox", "bro")]
    [InlineData("我今天去北京大学", "京北")]
    [InlineData("我今天去北京大学", "北大")]
    [InlineData("สวัสดีครับ", "ครม")]
    public async Task Search_NotThere_FindsNothing(string text, string query)
    {
        await _world.SendAsync(_room, _ada, text);
        await _world.CatchUpAsync();

        Assert.Empty(await _world.IdsAsync(_bo, query));
    }

    [Fact]
    public async Task Search_EditedDeletedErased_FindsWhatIsThereNow()
    {
        Guid edited = await _world.SendAsync(_room, _ada, "apple");
        Guid deleted = await _world.SendAsync(_room, _ada, "banana");
        Guid erased = await _world.SendAsync(_room, _bo, "cherry");
        await _world.CatchUpAsync();
        Assert.Equal([erased], await _world.IdsAsync(_ada, "cherry"));

        await _world.EditAsync(_room, _ada, edited, "apricot");
        await _world.DeleteAsync(_room, _ada, deleted);
        await _world.EraseAsync(_room, _bo);
        // Before the index has heard of it, too.
        Assert.Empty(await _world.IdsAsync(_ada, "banana"));
        Assert.Empty(await _world.IdsAsync(_ada, "cherry"));
        await _world.CatchUpAsync();

        for (int round = 0; round < 2; round++)
        {
            Assert.Empty(await _world.IdsAsync(_ada, "apple"));
            Assert.Equal([edited], await _world.IdsAsync(_ada, "apricot"));
            Assert.Empty(await _world.IdsAsync(_ada, "banana"));
            Assert.Empty(await _world.IdsAsync(_ada, "cherry"));
            Assert.Equal([edited], await _world.IdsAsync(_ada, "in:tide"));
            await _world.RebuildAsync();
        }
    }

    [Fact]
    public async Task Search_Membership_ShowsOnlyWhatTheViewerMayRead()
    {
        Guid room = await _world.GroupAsync(_ada, [_bo], "Joined only", HistoryVisibilities.Joined);
        Guid before = await _world.SendAsync(room, _ada, "pear before");
        await _world.AddMemberAsync(room, _ada, _cy);
        Guid after = await _world.SendAsync(room, _ada, "pear after");
        await _world.CatchUpAsync();

        Assert.Equal([after, before], await _world.IdsAsync(_bo, "pear"));
        Assert.Equal([after], await _world.IdsAsync(_cy, "pear"));
        Assert.Empty(await _world.IdsAsync(Guid.CreateVersion7(), "pear"));
        Assert.Empty(await _world.IdsAsync(Guid.CreateVersion7(), $"pear in:{room}"));

        await _world.RemoveMemberAsync(room, _ada, _bo);
        Assert.Empty(await _world.IdsAsync(_bo, "pear"));
        Assert.Empty(await _world.IdsAsync(_bo, $"pear in:{room}"));
    }

    [Fact]
    public async Task Search_Operators_Narrow()
    {
        _world.Names["Ada Lovelace"] = _ada;
        _world.Names["Bo"] = _bo;
        Guid other = await _world.GroupAsync(_ada, [_bo], "Reisen & Essen");
        Guid plain = await _world.SendAsync(_room, _ada, "plum");
        Guid link = await _world.SendAsync(_room, _bo, "plum at https://example.org/x");
        Guid elsewhere = await _world.SendAsync(other, _bo, "plum", new Mentions { Users = [_ada] });
        Guid everyone = await _world.SendAsync(_room, _ada, "plum all", new Mentions { Everyone = true });
        Guid poll = await _world.SendAsync(_room, _ada, new Content
        {
            Type = ContentTypes.Poll,
            Poll = new Poll { Question = "plum or fig?", Options = ["yes", "mirabelle"] },
        });
        Guid picture = await _world.SendAsync(_room, _ada, new Content
        {
            Type = ContentTypes.Image,
            Attachments = [new Attachment { MediaId = Guid.CreateVersion7(), FileName = "plum-tree.png", ContentType = "image/png" }],
        });
        await _world.CatchUpAsync();

        await AssertFound("from:ada plum", picture, poll, everyone, plain);
        await AssertFound("from:\"ada l\" has:poll", poll);
        await AssertFound("from:me plum", picture, poll, everyone, plain);
        await AssertFound($"from:{_bo} from:ada in:{other}", elsewhere);
        await AssertFound("in:reisen", elsewhere);
        await AssertFound("in:\"& essen\" plum", elsewhere);
        await AssertFound("has:link", link);
        await AssertFound("HAS:image", picture);
        await AssertFound("mirabelle", poll);
        await AssertFound("tree", picture);
        await AssertFound("mentions:me", everyone, elsewhere);
        await AssertFound("mentions:everyone", everyone);
        await AssertFound("plum from:nobody");
        await AssertFound("plum in:nowhere");
        await AssertFound($"plum in:{Guid.CreateVersion7()}");
        await AssertFound("plum has:link has:poll");
    }

    [Fact]
    public async Task Search_Dates_AreHalfOpen()
    {
        Guid first = await _world.SendAsync(_room, _ada, "kiwi");
        _neighbours.Time.Advance(TimeSpan.FromDays(1));
        Guid second = await _world.SendAsync(_room, _ada, "kiwi");
        await _world.CatchUpAsync();

        // The clock of these tests starts on 2026-11-24 at 10:00.
        await AssertFound("kiwi before:2026-11-25", first);
        await AssertFound("kiwi after:2026-11-25", second);
        await AssertFound("kiwi after:2026-11-24", second, first);
        await AssertFound("kiwi before:2026-11-24");
        await AssertFound("kiwi after:2026-11-24T10:00:01Z before:2026-12", second);
        await AssertFound("after:2026-11-25", second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("!!! ... ---")]
    [InlineData("\"\"")]
    [InlineData("has:sense")]
    [InlineData("before:yesterday")]
    [InlineData("after:2026-13-01")]
    public async Task Search_NotUnderstood_IsInvalid(string query)
    {
        Result<Page<SearchHit>> found = await _world.Search.SearchAsync(_ada, query, null, 10, TestContext.Current.CancellationToken);
        Assert.Equal((ErrorCodes.Invalid, "q"), (found.Refusal?.Code, found.Refusal?.Field));
    }

    [Fact]
    public async Task Search_TooLongOrBadPage_IsInvalid()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Equal("q", (await _world.Search.SearchAsync(_ada, new string('a', 501), null, 10, token)).Refusal?.Field);
        Assert.Equal("q", (await _world.Search.SearchAsync(_ada, string.Join(' ', Enumerable.Repeat("a", 33)), null, 10, token)).Refusal?.Field);
        Assert.Equal("limit", (await _world.Search.SearchAsync(_ada, "a", null, 0, token)).Refusal?.Field);
        Assert.Equal("limit", (await _world.Search.SearchAsync(_ada, "a", null, 201, token)).Refusal?.Field);
        foreach (string next in new[] { "", "-1", "0", "x", "99999999999999999999", "1;DROP TABLE messages" })
            Assert.Equal("next", (await _world.Search.SearchAsync(_ada, "a", next, 10, token)).Refusal?.Field);
    }

    [Theory]
    [InlineData("a AND")]
    [InlineData("OR")]
    [InlineData("NOT a")]
    [InlineData("a NEAR(b, 2)")]
    [InlineData("\"unbalanced")]
    [InlineData("a\"b")]
    [InlineData("text:a scope:c")]
    [InlineData("{text}: a")]
    [InlineData("^a")]
    [InlineData("a + b")]
    [InlineData("a*b* **")]
    [InlineData("(((a")]
    [InlineData("a)")]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("a\0b")]
    [InlineData("\uD800a")]
    [InlineData("from: in: has: a")]
    [InlineData("from:\"a")]
    [InlineData("from:* in:% a")]
    [InlineData("a:b:c::")]
    public async Task Search_HostileSyntax_IsAnswered(string query)
    {
        await _world.SendAsync(_room, _ada, "something");
        await _world.CatchUpAsync();

        Assert.Empty(await _world.IdsAsync(_ada, query));
    }

    [Fact]
    public async Task Search_Paged_IsNewestFirstWithoutGapsOrRepeats()
    {
        List<Guid> sent = [];
        for (int i = 0; i < 25; i++)
        {
            sent.Add(await _world.SendAsync(_room, _ada, $"melon {i}"));
            if (i % 3 == 0)
                _neighbours.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await _world.CatchUpAsync();
        sent.Reverse();
        List<Guid> found = [];
        string? next = null;
        int pages = 0;
        do
        {
            Page<SearchHit> page = await _world.FindAsync(_bo, "melon", 5, next);
            found.AddRange(page.Items.Select(hit => hit.Message.MessageId));
            next = page.Next;
            pages++;
            // A message that comes meanwhile moves nothing.
            await _world.SendAsync(_room, _ada, "melon late");
            await _world.CatchUpAsync();
        }
        while (next is not null);

        Assert.Equal(sent, found);
        Assert.Equal(5, pages);
    }

    [Fact]
    public async Task Search_RestartInTheMiddleAndAgain_IndexesEverythingOnce()
    {
        Guid first = await _world.SendAsync(_room, _ada, "lychee");
        await _world.CatchUpAsync();
        Guid second = await _world.SendAsync(_room, _ada, "lychee");
        await _world.DisposeAsync();

        _world = await OpenAsync(_folder, _neighbours);
        await _world.CatchUpAsync();
        await AssertFound("lychee", second, first);
        await _world.RebuildAsync();
        await AssertFound("lychee", second, first);
    }

    [Fact]
    public async Task Search_ManyConversations_FindsInAllOfThem()
    {
        List<Guid> rooms = [];
        for (int i = 0; i < 230; i++)
            rooms.Add(await _world.GroupAsync(_cy, [], $"Room {i}"));
        Guid foreign = await _world.SendAsync(_room, _ada, "quince");
        Guid first = await _world.SendAsync(rooms[0], _cy, "quince");
        Guid last = await _world.SendAsync(rooms[^1], _cy, "quince");
        await _world.CatchUpAsync();

        Assert.Equal([last, first], await _world.IdsAsync(_cy, "quince"));
        Assert.Equal([last, first], await _world.IdsAsync(_cy, "after:2026-01-01"));
        Assert.Equal([first], await _world.IdsAsync(_cy, $"in:{rooms[0]}"));
        Assert.Equal([foreign], await _world.IdsAsync(_ada, "quince"));
    }

    [Fact]
    public async Task Search_LongText_SnippetSurroundsTheFind()
    {
        string text = string.Concat(Enumerable.Repeat("😀 lorem ipsum ", 60)) + "needle" + string.Concat(Enumerable.Repeat(" dolor 😀", 60));
        await _world.SendAsync(_room, _ada, text);
        await _world.CatchUpAsync();

        SearchHit hit = Assert.Single((await _world.FindAsync(_ada, "needle")).Items);

        Assert.InRange(hit.Snippet.Length, 100, 170);
        Assert.Equal("needle", hit.Snippet.Substring(hit.Highlights[0], hit.Highlights[1]));
        Assert.Equal(hit.Snippet, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(hit.Snippet)));
    }

    /// <summary>What was written is found by any word of it and by any piece of a run, in mixed scripts.</summary>
    [Fact]
    public async Task Search_RandomTexts_FindsWhatWasIndexed()
    {
        Random random = new(20261124);
        Dictionary<Guid, List<string>> sent = [];
        for (int i = 0; i < 120; i++)
        {
            List<string> words = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomWord(random))];
            sent.Add(await _world.SendAsync(_room, _ada, string.Join(random.Next(2) == 0 ? " " : ", ", words)), words);
        }

        await _world.CatchUpAsync();
        foreach ((Guid message, List<string> words) in sent)
        {
            int at = random.Next(words.Count);
            int count = random.Next(1, Math.Min(3, words.Count - at) + 1);
            string phrase = string.Join(' ', words.Skip(at).Take(count));
            await AssertContains(message, $"\"{phrase}\"");
            await AssertContains(message, string.Join(' ', words.OrderBy(_ => random.Next()).Take(3)));
            string word = words[at];
            int cut = random.Next(1, word.Length + 1);
            if (!char.IsHighSurrogate(word[cut - 1]))
                await AssertContains(message, word[..cut] + "*");
        }

        async Task AssertContains(Guid message, string query)
        {
            List<Guid> found = [];
            string? next = null;
            do
            {
                Page<SearchHit> page = await _world.FindAsync(_bo, query, 50, next);
                found.AddRange(page.Items.Select(hit => hit.Message.MessageId));
                next = page.Next;
            }
            while (next is not null);
            Assert.True(found.Contains(message), $"Not found by: {query}");
        }
    }

    private static string RandomWord(Random random)
    {
        string alphabet = random.Next(7) switch
        {
            0 => "天地玄黃宇宙洪荒日月盈昃",
            1 => "あいうえおカキクケコー",
            2 => "กขคงจฉชซาิีุู",
            3 => "ابتثجحخدذرزسش",
            4 => "абвгдежзийклмнёї",
            5 => "0123456789",
            _ => "abcdefghijklmnopqrstuvwxyzäöüéßñÅÉ",
        };
        return string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    private async Task AssertFound(string query, params Guid[] newestFirst) => Assert.Equal(newestFirst, await _world.IdsAsync(_ada, query));
}
