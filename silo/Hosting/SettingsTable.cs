namespace Customer360.Silo.Hosting;

/// <summary>
/// Every setting of the programs, in one table: whatever else a program is given under <c>Customer360</c> is a mistake, and ends
/// its start. <c>docs/settings.md</c> is written from it. Both programs know all of them, so that one environment serves both.
/// </summary>
public static class SettingsTable
{
    /// <summary>The section of all settings.</summary>
    public const string Root = "Customer360";

    /// <summary>By section, the most wanted first.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        File(
            "Customer360:Data",
            "./data",
            "The data folder: the SQLite database, made keys, and the policy files of a start."
        ),
        new(
            "Customer360:PublicUrl",
            SettingKind.Address,
            "",
            "This service's address as callers see it, where a proxy stands before it. SDKs are told it, and HubSpot signs it."
        ),
        Text("Customer360:Keys:#:Name", "", "A key's name: the source of what it sends. Required with each key."),
        Text(
            "Customer360:Keys:#:Key",
            "",
            "Its secret: visible ASCII without a colon, 12 to 512 characters (in Development fewer will do)."
        ),
        Text("Customer360:Keys:#:Roles:#", "", "What it may do: collect, read or admin."),
        Text(
            "Customer360:Keys:#:Trust",
            "public if its only role is collect, else server",
            "How far its source is believed: server where only your servers hold it, public where it stands in browsers."
        ),
        Text(
            "Customer360:Keys:#:SigningSecret",
            "",
            "Of a public key: what your servers sign user ids with, 32 characters or more."
        ),
        Text(
            "Customer360:Webhooks:<source>:Secrets:#",
            "",
            "A secret of a source of webhooks in `sources.yaml`. Of several each counts, so that one can be replaced by another."
        ),
        Text(
            "Customer360:Webhooks:<source>:Token",
            "",
            "A token of the CRM that sends: with it the records are read of which the CRM's notices do not say enough."
        ),
        new(
            "Customer360:Webhooks:<source>:BaseUrl",
            SettingKind.Address,
            "",
            "The address of that CRM's API; without it HubSpot's. Salesforce has one per organization: "
                + "https://example.my.salesforce.com. With http on this machine only."
        ),
        Text(
            "Customer360:Destinations:Secrets:<name>",
            "",
            "A secret that `destinations.yaml` names: of a webhook `whsec_` and base64 of 24 to 64 bytes, of a CRM its token."
        ),
        Text(
            "Customer360:Destinations:PrivateHosts:#",
            "",
            "A host that destinations may be at though its address is private: a name or address as the destination's URL has it."
        ),
        File(
            "Customer360:Destinations:Authority",
            "",
            "Certificates, PEM, of those who issue the certificates of private hosts. Beside the machine's own authorities."
        ),
        Text(
            "Customer360:Destinations:Folder",
            "",
            "The folder below which destinations of kind `files` write; without it they write nothing."
        ),
        Number(
            "Customer360:Access:WrongKeysPerMinuteMax",
            "100",
            "Wrong keys a minute from one network; beyond, they are answered 429."
        ),
        Text(
            "Customer360:AuditKey",
            "",
            "The key of hashes that stand for identifiers in the audit log: 32 bytes or more in base64. Without it the store makes one: "
                + "in the data folder, or in the PostgreSQL database. All nodes need the same."
        ),
        Duration(
            "Customer360:Audit:ReadCountInterval",
            "00:00:10",
            "How often counts of reads by services go into the audit log: what a crash loses of them. 1 second to an hour."
        ),
        Text(
            "Customer360:Access:MaskKey",
            "",
            "What hashes of masked values are made with, 32 characters at least; the same on every node. Else each node makes one."
        ),
        Switch(
            "Customer360:Console:Enabled",
            "true",
            "Whether this process serves the console at `/`, and lets people sign in to it."
        ),
        Number(
            "Customer360:Console:SessionHours",
            "8",
            "After so many hours a person signs in anew, whatever they do. 1 to 168."
        ),
        File(
            "Customer360:Console:KeysFolder",
            "",
            "Where the keys lie that cookies are sealed with; else `console-keys` in the data folder. Processes behind one address need the same."
        ),
        Switch(
            "Customer360:Console:KeySignIn",
            "",
            "Whether a person may sign in to the console with a key; else in Development, and where no ClientId is set."
        ),
        Text(
            "Customer360:Console:ClientId",
            "",
            "The client that the OpenID provider of the tokens knows the console as. With it people sign in there."
        ),
        Text(
            "Customer360:Console:ClientSecret",
            "",
            "Its secret. A public client has none, and proves itself by PKCE alone."
        ),
        Text(
            "Customer360:Console:Scopes",
            "openid profile",
            "What the console asks the provider for, with spaces between. The access token must name the audience of the tokens."
        ),
        Text(
            "Customer360:Tokens:Issuer",
            "",
            "The OpenID provider whose access tokens are taken, exactly as they name it in `iss`; without it, none are."
        ),
        Text(
            "Customer360:Tokens:Audience",
            "",
            "What a token must name in `aud`: this service. Required with the issuer."
        ),
        Text(
            "Customer360:Tokens:Algorithms",
            "RS256,PS256,ES256",
            "The algorithms that a token may be signed with. Only those with a private key."
        ),
        Text(
            "Customer360:Tokens:Types",
            "at+jwt",
            "What a token may say in `typ`. Some providers say JWT in place of at+jwt."
        ),
        Text(
            "Customer360:Tokens:RolesClaim",
            "roles",
            "The claim that holds roles; a dot goes into an object: `realm_access.roles`."
        ),
        Text(
            "Customer360:Tokens:Roles",
            "collect=collect,read=read,admin=admin",
            "Which of the claim's values are which roles: `grid-admins=admin,sales-team=sales`. Others give none."
        ),
        Duration(
            "Customer360:Tokens:ClockSkew",
            "00:00:30",
            "How far the provider's clock may be from ours. A minute at most."
        ),
        Number(
            "Customer360:Limits:RequestsPerMinute",
            "0",
            "Requests a minute that a process of the API takes of each key without a limit of its own; 0 is any number."
        ),
        Number("Customer360:Limits:RequestsPerDay", "0", "The same, a day (UTC)."),
        Number(
            "Customer360:Limits:TokenRequestsPerMinute",
            "1200",
            "Requests a minute that it takes of each subject of a token; 0 is any number."
        ),
        Number("Customer360:Limits:TokenRequestsPerDay", "0", "The same, a day (UTC)."),
        Number(
            "Customer360:Changes:HeartbeatSeconds",
            "15",
            "After so many seconds without an event a stream of changes sends a comment, and looks by itself. 1 to 300."
        ),
        Number(
            "Customer360:Changes:StreamsPerCallerMax",
            "20",
            "Streams of changes that a key, or a subject of tokens, may have open in a process. 1 to 100000."
        ),
        Number(
            "Customer360:Changes:StreamsMax",
            "1000",
            "Streams of changes that may be open in a process. 1 to 100000."
        ),
        Number(
            "Customer360:Mcp:AnswerBytesMax",
            "65536",
            "Bytes of data in a tool's answer to an agent; what is beyond is left out, and the answer says so. 8192 to 1048576."
        ),
        Text(
            "Customer360:Mcp:AllowedOrigins",
            "",
            "Origins of web pages that may call /mcp beside this service's own, with commas between."
        ),
        Number(
            "Customer360:Grid:Partitions",
            "8",
            "Partitions of the event log, each with one writer. Fixed when a store is made. 1 to 4096."
        ),
        Duration(
            "Customer360:Grid:CustomerIdleTime",
            "00:15:00",
            "How long a customer that nobody needs stays in memory. 5 seconds to a day."
        ),
        Number(
            "Customer360:Grid:IdleWritesPerSecond",
            "500",
            "Customers a second that write their state as they leave memory; of the others the log is read when they wake."
        ),
        Number(
            "Customer360:Grid:MemoryPercentMax",
            "80",
            "Percent of the memory that a silo can have; beyond, those customers leave memory that have been idle for the longest."
        ),
        Number(
            "Customer360:Grid:WaitingMessagesMax",
            "20000",
            "Messages that a partition holds which are not yet in their profiles; beyond, 429."
        ),
        Number("Customer360:Grid:WaitingBytesMax", "33554432", "The same in bytes."),
        Number("Customer360:Grid:AppendMessagesMax", "4000", "Messages that one append writes at the most."),
        Number(
            "Customer360:Grid:LanesMax",
            "256",
            "Anchors of a partition whose messages are handed over at the same time."
        ),
        Number(
            "Customer360:Grid:SlowLanesMax",
            "1024",
            "Anchors that may be under way beyond that because they take long."
        ),
        Duration(
            "Customer360:Grid:LaneTimeMax",
            "00:00:01",
            "How long an anchor may hold a place without getting anything done while others wait."
        ),
        Number(
            "Customer360:Grid:LaneMessagesMax",
            "5000",
            "Messages of one anchor that a partition holds; beyond, 429."
        ),
        Number("Customer360:Grid:ApplyMessagesMax", "500", "Messages handed over in one call at the most."),
        Duration(
            "Customer360:Grid:WaveTimeMax",
            "00:00:00.05",
            "How long handovers that begin together are waited for together."
        ),
        Number(
            "Customer360:Grid:KnownOwnersMax",
            "16384",
            "Anchors of which a partition remembers who takes their messages."
        ),
        Number(
            "Customer360:Grid:CheckpointMessages",
            "1000",
            "Messages after which a partition's checkpoint is saved."
        ),
        Duration(
            "Customer360:Grid:CheckpointInterval",
            "00:00:01",
            "How often it is saved at least when messages came."
        ),
        Number("Customer360:Grid:SaveAfterMessages", "100", "Folded messages after which a customer writes its state."),
        Duration(
            "Customer360:Grid:SaveInterval",
            "00:05:00",
            "The age of the oldest unwritten one with which it does."
        ),
        Duration(
            "Customer360:Grid:DeclinedFor",
            "00:10:00",
            "How long an identifier that a decision left out is not asked about again."
        ),
        Duration(
            "Customer360:Grid:RetryPauseMin",
            "00:00:00.05",
            "The first pause before a failed handover is tried again; it doubles."
        ),
        Duration("Customer360:Grid:RetryPauseMax", "00:00:01", "The longest such pause."),
        Duration(
            "Customer360:Grid:ErasureSettles",
            "00:01:00",
            "How long an erasure waits, once its people are suppressed, before it looks through what is stored. 0 to 1 hour."
        ),
        Number(
            "Customer360:Grid:QuarantineAfterTries",
            "80",
            "Tries after which a message that fails for no outage is set aside."
        ),
        Number(
            "Customer360:Grid:ProfileBytesMax",
            "4194304",
            "Bytes of a customer's stored state; one that has more is flagged as oversized."
        ),
        Number("Customer360:Collect:BodyBytesMax", "512000", "Bytes of a body, unpacked. 1024 to 100000000."),
        Number("Customer360:Collect:BatchMessagesMax", "2500", "Messages of a batch that are taken."),
        Number("Customer360:Collect:DepthMax", "64", "Depth of arrays and objects in a body. 8 to 1000."),
        Duration("Customer360:Collect:BodyTimeMax", "00:00:30", "How long a body may take to arrive."),
        Number(
            "Customer360:Collect:BodyBytesPerSecondMin",
            "1000",
            "Bytes a second that a body must come with, from its fifth second on."
        ),
        Duration("Customer360:Collect:WaitTimeMax", "00:00:05", "How long `?wait=applied` waits."),
        Number(
            "Customer360:Collect:BytesInFlightMax",
            "67108864",
            "Bytes of bodies under way in the process; one caller has half of it at most."
        ),
        Number(
            "Customer360:Collect:RequestsInFlightMax",
            "4000",
            "Collect requests under way in the process; one caller has half of it at most."
        ),
        Number(
            "Customer360:Collect:RetryAfterSeconds",
            "1",
            "What a sender is told to wait when there is too much under way. 1 to 300."
        ),
        Switch("Customer360:Cluster:Cohost", "true", "`false`: the API is a client of the silos and runs none itself."),
        Text(
            "Customer360:Cluster:ClusterId",
            "customer360",
            "The name by which silos and clients of one cluster find each other."
        ),
        Text(
            "Customer360:Cluster:ServiceId",
            "customer360",
            "The name under which reminders are kept; it stays when the cluster gets another."
        ),
        Text(
            "Customer360:Cluster:Name",
            "",
            "What the silo is called in lists and logs; without it the machine's name and the silo's port."
        ),
        Text(
            "Customer360:Cluster:Address",
            "",
            "The IP address at which others reach this silo; without it the first of the machine."
        ),
        Number("Customer360:Cluster:SiloPort", "", "The port for other silos; without it 11111, or the next free one."),
        Number("Customer360:Cluster:GatewayPort", "", "The port for clients; without it 30000, or the next free one."),
        Number(
            "Customer360:Cluster:HealthPort",
            "",
            "The port on which a silo that is no API answers /health/live and /health/ready."
        ),
        Duration(
            "Customer360:Cluster:StartTimeout",
            "00:01:00",
            "How long a start waits for a database that does not answer."
        ),
        Duration(
            "Customer360:Cluster:ClockSkewMax",
            "00:00:05",
            "How far a silo's clock may be from the database's at its start."
        ),
        Duration(
            "Customer360:Cluster:ProbeTimeout",
            "00:00:01.5",
            "Three times this without a sign of life and a silo is taken for dead. The same on all silos."
        ),
        Switch(
            "Customer360:Cluster:Kubernetes",
            "false",
            "`true`: the silo runs as a pod of Kubernetes, whose name and address it takes."
        ),
        Switch("Customer360:Cluster:Dashboard", "true", "`false`: no dashboard of Orleans. The same on all nodes."),
        File(
            "Customer360:Cluster:Tls:Certificate",
            "",
            "This process's certificate, PEM or PFX: it turns TLS between the processes on."
        ),
        File("Customer360:Cluster:Tls:Key", "", "The certificate's private key, PEM; a PFX file holds it already."),
        Text("Customer360:Cluster:Tls:Password", "", "The password of the key or the PFX file."),
        File(
            "Customer360:Cluster:Tls:Authority",
            "",
            "The certificates, PEM, of those who issue this cluster's certificates."
        ),
        File(
            "Customer360:Policies:Folder",
            "",
            "The folder of policy files that a start reads; without it the data folder."
        ),
        Text(
            "Customer360:Privacy:SuppressionKey",
            "",
            "32 bytes or more in base64: what erased people are recognised by. Without it a file in the data folder; "
                + "needed on PostgreSQL."
        ),
        File(
            "Customer360:Privacy:Ledger",
            "",
            "What a restore erases again, as keyed hashes; without it `erasures.ndjson` in the data folder. Keep a copy elsewhere."
        ),
        File(
            "Customer360:Privacy:OpenDsr:Certificate",
            "",
            "The certificate, PEM or PFX, that answers of OpenDSR are signed with: it turns OpenDSR on. Issued for the domain, and not by itself."
        ),
        File("Customer360:Privacy:OpenDsr:Key", "", "The certificate's private key, PEM; a PFX file holds it already."),
        Text("Customer360:Privacy:OpenDsr:Password", "", "The password of the key or the PFX file."),
        Text(
            "Customer360:Privacy:OpenDsr:Domain",
            "",
            "The domain under which controllers reach this service; needed with the certificate, which must be issued for it."
        ),
        Text(
            "Customer360:Privacy:OpenDsr:PrivateHosts:#",
            "",
            "A host that may be called back though its address is private: a name or address as the callback's URL has it."
        ),
        File(
            "Customer360:Privacy:OpenDsr:CallbackAuthority",
            "",
            "Certificates, PEM, of those who issue the certificates of private hosts. Beside the machine's own authorities."
        ),
        Number(
            "Customer360:Privacy:OpenDsr:CallbackTries",
            "10",
            "How often a receiver is called that does not take a callback: 10 last about a day. 1 to 20."
        ),
        File(
            "Customer360:Exports:Folder",
            "",
            "The folder of the warehouse mirror, which every silo must reach. Without it nothing is exported."
        ),
        Text(
            "Customer360:Exports:Role",
            "analytics",
            "The role of `access.yaml` as which the mirror is written: what it may not see is not in the mirror."
        ),
        Text(
            "Customer360:Exports:Purpose",
            "analytics",
            "What the mirror is written for; empty for a role that needs no purpose, such as `admin`."
        ),
        Duration("Customer360:Exports:Every", "00:00:00", "How often the mirror is written on by itself; 0 is never."),
        Duration(
            "Customer360:Jobs:CheckEvery",
            "00:00:00",
            "How often the profiles are compared with the log; 0 is never."
        ),
        Duration(
            "Customer360:Jobs:RetentionEvery",
            "1.00:00:00",
            "How often the log is trimmed by `retention.yaml`; 0 is never by itself."
        ),
        Duration(
            "Customer360:Jobs:AudiencesEvery",
            "00:00:05",
            "How soon all customers are brought to another `audiences.yaml`; 0 is never by itself."
        ),
        new(
            "Customer360:Jobs:Share",
            SettingKind.Share,
            "0.1",
            "What a job may take of the machine's processors. 0.01 to 1."
        ),
        Number("Customer360:Jobs:Processors", "0", "The machine's processors; 0: as many as the process sees."),
        Number(
            "Customer360:Jobs:DryRunIdentifiersMax",
            "10000000",
            "Identifiers that a dry run takes; with more it fails."
        ),
        Number("Customer360:Jobs:AffectedMax", "10000", "Affected customers that a dry run keeps."),
        Number("Customer360:Jobs:CheckAnchorsMax", "100000", "Anchors whose folds a check holds at a time."),
        Number(
            "Customer360:Shelf:EntriesMax",
            "2000000",
            "Names under which profiles stand ready for readers in a process."
        ),
        Number("Customer360:Shelf:BytesMax", "268435456", "Bytes of rendered profiles that stand ready."),
        Switch("Customer360:Metrics:Enabled", "true", "`false`: nothing is collected, and there is no /metrics."),
        Switch(
            "Customer360:Metrics:Anonymous",
            "false",
            "`true`: /metrics asks for no key, and a silo has one on its health port."
        ),
        Switch(
            "Customer360:Metrics:GrainCalls",
            "false",
            "`true`: with count and duration of every grain call, which makes each dearer."
        ),
    ];

    private static Setting Text(string path, string otherwise, string about) =>
        new(path, SettingKind.Text, otherwise, about);

    private static Setting File(string path, string otherwise, string about) =>
        new(path, SettingKind.File, otherwise, about);

    private static Setting Number(string path, string otherwise, string about) =>
        new(path, SettingKind.Number, otherwise, about);

    private static Setting Switch(string path, string otherwise, string about) =>
        new(path, SettingKind.Switch, otherwise, about);

    private static Setting Duration(string path, string otherwise, string about) =>
        new(path, SettingKind.Duration, otherwise, about);
}
