using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Chat;

/// <summary>One host for all tests of a class.</summary>
public sealed class ChatHostFixture : IAsyncLifetime
{
    internal ChatHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ChatHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed class ChatApiTests(ChatHostFixture fixture) : IClassFixture<ChatHostFixture>
{
    private const string Nil = "00000000-0000-0000-0000-000000000000";
    private const string Seven = "018f2b9e-0000-7000-8000-000000000001";
    private readonly ChatHost _host = fixture.Host;

    /// <summary>Method, path ({id}: a conversation of the caller's), body, field that is named.</summary>
    public static TheoryData<string, string, string?, string?> Invalid => new()
    {
        { "GET", "/chat/conversations?limit=0", null, "limit" },
        { "GET", "/chat/conversations?limit=201", null, "limit" },
        { "GET", "/chat/conversations?limit=99999999999", null, "limit" },
        { "GET", "/chat/conversations?limit=ten", null, "limit" },
        { "GET", "/chat/conversations?next=nonsense", null, "next" },
        { "GET", "/chat/conversations?next=" + "aaaaaaaaaa", null, "next" },
        { "GET", "/chat/conversations/" + Nil, null, "id" },
        { "GET", "/chat/conversations/nope", null, "id" },
        { "GET", "/chat/conversations/{id}/members?next=%00", null, "next" },
        { "GET", "/chat/conversations/{id}/messages?before=-1", null, "before" },
        { "GET", "/chat/conversations/{id}/messages?before=1&after=1", null, "after" },
        { "GET", "/chat/conversations/{id}/messages?around=99999999999999999999", null, "around" },
        { "GET", "/chat/conversations/{id}/messages?thread=" + Nil, null, "thread" },
        { "GET", "/chat/conversations/{id}/messages/" + Nil, null, "messageId" },
        { "GET", "/chat/conversations/{id}/messages/x", null, "messageId" },
        { "GET", "/chat/conversations/{id}/messages/" + Seven + "/reactions/yes", null, "key" },
        { "GET", "/chat/conversations/{id}/events?after=-1", null, "after" },
        { "GET", "/chat/conversations/{id}/events?after=1&before=2", null, "before" },
        { "GET", "/chat/conversations/{id}/commands/" + Nil, null, "commandId" },
        { "GET", "/chat/channels?limit=-5", null, "limit" },
        { "GET", "/chat/scheduled?limit=0", null, "limit" },
        { "DELETE", "/chat/scheduled/" + Nil + "/" + Seven, null, "conversationId" },
        { "GET", "/chat/search", null, "q" },
        { "GET", "/chat/search?q=%20", null, "q" },
        { "GET", "/chat/search?q=a%00b", null, "q" },
        { "POST", "/chat/sync", "{\"since\":\"nonsense\"}", "since" },
        { "POST", "/chat/sync", "{\"limit\":0}", "limit" },
        { "POST", "/chat/sync", "[]", null },
        { "POST", "/chat/conversations", "{}", "commandId" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"crowd\"}", "kind" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"direct\"}", "members" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"direct\",\"members\":[\"a\",\"b\"]}", "members" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"group\"}", "title" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"group\",\"title\":\"a\",\"listed\":true}", "listed" },
        { "POST", "/chat/conversations", "{\"commandId\":\"" + Seven + "\",\"kind\":\"group\",\"title\":\"a\",\"members\":[null]}", "members[0]" },
        { "POST", "/chat/conversations/{id}/commands", "{\"commandId\":\"" + Seven + "\",\"conversationId\":\"" + Seven + "\",\"type\":\"member.leave\"}", "conversationId" },
        { "POST", "/chat/conversations/{id}/read", "{\"seq\":0}", "seq" },
        { "POST", "/chat/conversations/{id}/read", "{}", "seq" },
        { "PATCH", "/chat/conversations/{id}/me", "{}", null },
        { "PATCH", "/chat/conversations/{id}/me", "{\"draft\":\"a\\u0000\"}", "draft" },
        { "PATCH", "/chat/conversations/{id}/me", "{\"archived\":\"yes\"}", "archived" },
        { "POST", "/chat/conversations/{id}/invites", "{\"expiresIn\":59}", "expiresIn" },
        { "POST", "/chat/conversations/{id}/invites", "{\"maxUses\":0}", "maxUses" },
        { "DELETE", "/chat/conversations/{id}/invites/" + Nil, null, "inviteId" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Request_Invalid_Is400WithItsField(string method, string path, string? body, string? field)
    {
        Person ann = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);

        Answer answer = await ann.SendAsync(new HttpMethod(method), path.Replace("{id}", group.Id.ToString(), StringComparison.Ordinal), body);

        Assert.True((400, ErrorCodes.Invalid, field) == (answer.Status, answer.Code, answer.Field), $"{answer.Status} {answer.Body}");
    }

    public static TheoryData<string, string, string?> OfConversations => new()
    {
        { "GET", "", null },
        { "GET", "/members", null },
        { "GET", "/messages", null },
        { "GET", "/messages/" + Seven, null },
        { "GET", "/messages/" + Seven + "/edits", null },
        { "GET", "/messages/" + Seven + "/reactions/%F0%9F%91%8D", null },
        { "GET", "/pins", null },
        { "GET", "/events", null },
        { "GET", "/commands/" + Seven, null },
        { "GET", "/invites", null },
        { "POST", "/invites", "{}" },
        { "DELETE", "/invites/" + Seven, null },
        { "POST", "/read", "{\"seq\":1}" },
        { "PATCH", "/me", "{\"archived\":true}" },
    };

    [Theory]
    [MemberData(nameof(OfConversations))]
    public async Task Conversation_OfOthers_IsNotFoundLikeNone(string method, string path, string? body)
    {
        Person ann = _host.Join(), eve = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);

        Answer others = await eve.SendAsync(new HttpMethod(method), $"/chat/conversations/{group.Id}{path}", body);
        Answer none = await eve.SendAsync(new HttpMethod(method), $"/chat/conversations/{Guid.CreateVersion7()}{path}", body);

        Assert.True((404, ErrorCodes.NotFound) == (others.Status, others.Code), $"{others.Status} {others.Body}");
        Assert.Equal(none.Body?.ToString(), others.Body?.ToString());
    }

    [Fact]
    public async Task Direct_WithSomebodyWhoBlockedOne_IsNotFoundLikeNobody()
    {
        Person ann = _host.Join(), bob = _host.Join();
        _host.People.Blocks.TryAdd((bob.Id, ann.Id), 0);

        Answer blocked = await OpenAsync(ann, bob.Id);
        Answer nobody = await OpenAsync(ann, Guid.CreateVersion7());

        Assert.Equal((404, "members[0]"), (blocked.Status, blocked.Field));
        Assert.Equal(nobody.Body?.ToString(), blocked.Body?.ToString());
    }

    [Fact]
    public async Task Direct_SentToByTheBlockedOne_IsForbidden()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);
        _host.People.Blocks.TryAdd((bob.Id, ann.Id), 0);

        Answer answer = await ann.SubmitAsync(Person.Say(direct.Id, "hello?"));

        Assert.Equal((403, ErrorCodes.Forbidden), (answer.Status, answer.Code));
        Assert.DoesNotContain("block", answer.Body.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Create_Repeated_AnswersTheSameConversation()
    {
        Person ann = _host.Join(), bob = _host.Join();
        CreateConversationRequest request = new() { CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Group, Title = "Once" };

        Guid first = (await ann.SendAsync(HttpMethod.Post, "/chat/conversations", request)).As<ConversationView>().Id;
        Guid again = (await ann.SendAsync(HttpMethod.Post, "/chat/conversations", request)).As<ConversationView>().Id;
        ConversationView fromAnn = await ann.CreateAsync(ConversationKinds.Direct, bob);
        ConversationView fromBob = await bob.CreateAsync(ConversationKinds.Direct, ann);
        ConversationView notes = await ann.CreateAsync(ConversationKinds.Direct, ann);

        Assert.Equal(first, again);
        Assert.Equal(fromAnn.Id, fromBob.Id);
        Assert.Equal(1, notes.MemberCount);
    }

    [Fact]
    public async Task Command_Submitted_IsInTheLogOnceAndItsOutcomeCanBeAsked()
    {
        Person ann = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);
        Command command = Person.Say(group.Id, "once");

        CommandResult first = (await ann.SubmitAsync(command)).As<CommandResult>();
        CommandResult again = (await ann.SubmitAsync(command)).As<CommandResult>();
        CommandResult outcome = await ann.GetAsync<CommandResult>($"/chat/conversations/{group.Id}/commands/{command.CommandId}");
        MessagePage messages = await ann.GetAsync<MessagePage>($"/chat/conversations/{group.Id}/messages");
        SyncPage sync = (await ann.SendAsync(HttpMethod.Post, "/chat/sync", new SyncRequest())).As<SyncPage>();

        Assert.Equal(first, again);
        Assert.Equal(first.Seq, outcome.Seq);
        Assert.Equal("once", Assert.Single(messages.Items).Content?.Text);
        Assert.Equal(first.Seq, Assert.Single(sync.Conversations).LastSeq);
    }

    [Fact]
    public async Task Attachment_IsStampedFromTheCatalog_AndOnlyOnesOwn()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);
        Guid picture = _host.Media.Add(ann.Id, "image/png").MediaId;
        Guid film = _host.Media.Add(ann.Id, "video/mp4").MediaId;
        Guid bobs = _host.Media.Add(bob.Id, "image/png").MediaId;

        CommandResult shown = (await ann.SubmitAsync(Show(direct.Id, picture))).As<CommandResult>();
        MessageView message = await bob.GetAsync<MessageView>($"/chat/conversations/{direct.Id}/messages/{shown.CommandId}");
        Answer wrongKind = await ann.SubmitAsync(Show(direct.Id, film));
        Answer somebodyElses = await ann.SubmitAsync(Show(direct.Id, bobs));
        Answer none = await ann.SubmitAsync(Show(direct.Id, Guid.CreateVersion7()));
        Answer seen = await bob.SubmitAsync(Show(direct.Id, picture));

        Attachment stamped = Assert.Single(message.Content!.Attachments!);
        Assert.Equal(("image/png", 1234L, "file.bin"), (stamped.ContentType, stamped.Size, stamped.FileName));
        Assert.Equal((400, "content.attachments[0].mediaId"), (wrongKind.Status, wrongKind.Field));
        Assert.Equal((404, "content.attachments[0].mediaId"), (somebodyElses.Status, somebodyElses.Field));
        Assert.Equal(none.Body?.ToString(), somebodyElses.Body?.ToString());
        Assert.Equal(200, seen.Status);
    }

    [Fact]
    public async Task Forward_NamesTheFirstSender_AndOnlyWhatOneMayRead()
    {
        Person ann = _host.Join(), bob = _host.Join(), eve = _host.Join();
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);
        CommandResult said = (await ann.SubmitAsync(Person.Say(direct.Id, "tell them"))).As<CommandResult>();
        ForwardedFrom origin = new() { ConversationId = direct.Id, MessageId = said.CommandId!.Value, Sender = eve.Id };
        ConversationView bobsGroup = await bob.CreateAsync(ConversationKinds.Group);
        ConversationView evesGroup = await eve.CreateAsync(ConversationKinds.Group);

        CommandResult forwarded = (await bob.SubmitAsync(Person.Say(bobsGroup.Id, "tell them") with { ForwardedFrom = origin })).As<CommandResult>();
        MessageView message = await bob.GetAsync<MessageView>($"/chat/conversations/{bobsGroup.Id}/messages/{forwarded.CommandId}");
        Answer stolen = await eve.SubmitAsync(Person.Say(evesGroup.Id, "tell them") with { ForwardedFrom = origin });

        Assert.Equal(ann.Id, message.ForwardedFrom?.Sender);
        Assert.Equal((404, "forwardedFrom"), (stolen.Status, stolen.Field));
    }

    [Fact]
    public async Task Invite_MadeUsedAndRevoked()
    {
        Person ann = _host.Join(), bob = _host.Join(), eve = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);
        InviteView invite = (await ann.SendAsync(HttpMethod.Post, $"/chat/conversations/{group.Id}/invites", new CreateInviteRequest())).As<InviteView>();

        InviteView looked = await bob.GetAsync<InviteView>($"/chat/invites/{invite.Code}");
        ConversationView joined = (await bob.SendAsync(HttpMethod.Post, $"/chat/invites/{invite.Code}/join")).As<ConversationView>();
        ConversationView again = (await bob.SendAsync(HttpMethod.Post, $"/chat/invites/{invite.Code}/join")).As<ConversationView>();
        Answer revoked = await ann.SendAsync(HttpMethod.Delete, $"/chat/conversations/{group.Id}/invites/{invite.InviteId}");
        Answer late = await eve.SendAsync(HttpMethod.Post, $"/chat/invites/{invite.Code}/join");

        Assert.Equal(group.Title, looked.Title);
        Assert.Equal((group.Id, 2, group.Id), (joined.Id, joined.MemberCount, again.Id));
        Assert.Equal(204, revoked.Status);
        Assert.Contains(late.Code, new[] { ErrorCodes.InviteEnded, ErrorCodes.NotFound });
    }

    [Fact]
    public async Task Scheduled_ListedAndTakenBack()
    {
        Person ann = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);
        Command later = Person.Say(group.Id, "later") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddHours(1) };

        CommandResult kept = (await ann.SubmitAsync(later)).As<CommandResult>();
        Page<ScheduledView> waiting = await ann.GetAsync<Page<ScheduledView>>("/chat/scheduled");
        Answer taken = await ann.SendAsync(HttpMethod.Delete, $"/chat/scheduled/{group.Id}/{later.CommandId}");
        Page<ScheduledView> rest = await ann.GetAsync<Page<ScheduledView>>("/chat/scheduled");

        Assert.Equal(CommandResult.Scheduled, kept.Status);
        Assert.Equal(later.CommandId, Assert.Single(waiting.Items).CommandId);
        Assert.Equal(204, taken.Status);
        Assert.Empty(rest.Items);
    }

    [Fact]
    public async Task Search_PassesTheQueryOnForTheCaller()
    {
        Person ann = _host.Join();

        Answer answer = await ann.SendAsync(HttpMethod.Get, "/chat/search?q=from%3Aann%20tea&limit=7");

        Assert.Equal(200, answer.Status);
        Assert.Equal((ann.Id, "from:ann tea", 7), _host.Search.Asked);
    }

    [Fact]
    public async Task Preferences_AreKeptForOneself()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);

        Answer changed = await ann.SendAsync(HttpMethod.Patch, $"/chat/conversations/{direct.Id}/me", new MemberPreferences { Favourite = true, Draft = "Dear" });
        ConversationView anns = await ann.GetAsync<ConversationView>($"/chat/conversations/{direct.Id}");
        ConversationView bobs = await bob.GetAsync<ConversationView>($"/chat/conversations/{direct.Id}");

        Assert.Equal(204, changed.Status);
        Assert.Equal((true, "Dear"), (anns.Preferences?.Favourite, anns.Preferences?.Draft));
        Assert.Null(bobs.Preferences?.Draft);
    }

    private static Command Show(Guid conversationId, Guid mediaId) => Person.Say(conversationId, "look") with
    {
        Content = new Content { Type = ContentTypes.Image, Text = "look", Attachments = [new Attachment { MediaId = mediaId }] },
    };

    private static Task<Answer> OpenAsync(Person person, Guid other) => person.SendAsync(HttpMethod.Post, "/chat/conversations", new CreateConversationRequest
    {
        CommandId = Guid.CreateVersion7(),
        Kind = ConversationKinds.Direct,
        Members = [other.ToString()],
    });
}
