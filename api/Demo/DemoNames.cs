namespace Customer360.Api.Demo;

/// <summary>What the people and companies of the demo are called.</summary>
internal static class DemoNames
{
    public static readonly string[] First =
    [
        "Ada",
        "Amir",
        "Anna",
        "Ben",
        "Carla",
        "Chen",
        "Clara",
        "Daniel",
        "Elena",
        "Emma",
        "Farid",
        "Finn",
        "Greta",
        "Hana",
        "Henrik",
        "Ines",
        "Ivan",
        "Jana",
        "Jonas",
        "Julia",
        "Kofi",
        "Lara",
        "Leon",
        "Lucia",
        "Malik",
        "Maria",
        "Mateo",
        "Mia",
        "Nadia",
        "Noah",
        "Olga",
        "Omar",
        "Paula",
        "Pavel",
        "Priya",
        "Rosa",
        "Samir",
        "Sofia",
        "Tariq",
        "Tom",
        "Vera",
        "Yuki",
    ];

    public static readonly string[] Last =
    [
        "Adeyemi",
        "Andersen",
        "Bauer",
        "Becker",
        "Brandt",
        "Castillo",
        "Costa",
        "Diaz",
        "Ek",
        "Fischer",
        "Garcia",
        "Haas",
        "Ivanova",
        "Jensen",
        "Kaya",
        "Keller",
        "Kim",
        "Kowalski",
        "Lang",
        "Larsen",
        "Lehmann",
        "Lopez",
        "Meyer",
        "Mensah",
        "Moreau",
        "Nguyen",
        "Novak",
        "Okafor",
        "Patel",
        "Peters",
        "Petrov",
        "Richter",
        "Rossi",
        "Sato",
        "Schmidt",
        "Silva",
        "Singh",
        "Tanaka",
        "Vogel",
        "Weber",
    ];

    public static readonly string[] CompanyFirst =
    [
        "Nordwind",
        "Bluehill",
        "Alpen",
        "Harbor",
        "Sunfield",
        "Redstone",
        "Greenway",
        "Lakeside",
        "Stellar",
        "Copper",
    ];

    public static readonly string[] CompanySecond =
    [
        "Logistics",
        "Foods",
        "Energy",
        "Mobility",
        "Health",
        "Software",
        "Textiles",
        "Robotics",
    ];

    public static readonly string[] Industries =
    [
        "logistics",
        "food",
        "energy",
        "mobility",
        "health",
        "software",
        "textiles",
        "robotics",
    ];

    public static readonly (string Country, string Language, string Territory)[] Places =
    [
        ("DE", "de", "emea"),
        ("AT", "de", "emea"),
        ("FR", "fr", "emea"),
        ("GB", "en", "emea"),
        ("ES", "es", "emea"),
        ("US", "en", "amer"),
        ("US", "en", "amer"),
        ("CA", "en", "amer"),
        ("JP", "ja", "apac"),
    ];

    public static readonly string[] Titles =
    [
        "Head of Data",
        "VP Marketing",
        "Chief Operating Officer",
        "Marketing Manager",
        "Data Analyst",
        "Product Manager",
        "Director of Sales",
        "Engineer",
        "Buyer",
        "Student",
    ];

    public static readonly string[] FreeMail = ["gmail.com", "gmx.de", "outlook.com", "yahoo.com"];

    public static readonly (string Name, string Path)[] Pages =
    [
        ("Home", "/"),
        ("Product", "/product"),
        ("Pricing", "/pricing"),
        ("Pricing for teams", "/pricing/teams"),
        ("Blog", "/blog/one-customer"),
        ("Documentation", "/docs"),
        ("Customers", "/customers"),
    ];

    public static readonly string[] LeadSources = ["demo", "pricing", "webinar", "ebook"];

    public static readonly string[] Plans = ["free", "team", "pro", "enterprise"];
}
