namespace FlussLake.Cluster.Tests.Embedded;

/// <summary>A sequence of lab commands that a seed decides: tables come and go, change and are written to; many commands are refused.</summary>
internal sealed class RandomCommands(int seed, string[] tables)
{
    private readonly Random _random = new(seed);
    private long _row;

    public string Next()
    {
        string table = tables[_random.Next(tables.Length)];
        switch (_random.Next(10))
        {
            case 0 or 1:
                string by = _random.Next(2) == 0 ? ",\"partitionedBy\":[\"p\"]" : "";
                return $$"""{"do":"create-table","table":"{{table}}","lake":false,"buckets":{{_random.Next(1, 4)}},"bucketKey":["id"],"columns":[["id","BIGINT"],["p","STRING"],["d","DECIMAL(8,3)"],["a","ARRAY<STRING>"]]{{by}}}""";
            case 2:
                return _random.Next(3) == 0 ? $$"""{"do":"drop-table","table":"{{table}}"}""" : $$"""{"do":"offsets","table":"{{table}}"}""";
            case 3:
                return $$"""{"do":"create-partition","table":"{{table}}","partition":{"{{Pick("p", "p", "q")}}":"{{Partition()}}"} }""";
            case 4:
                // Not a partition that rows are written to: the Java client looks for a dropped one for minutes.
                return $$"""{"do":"drop-partition","table":"{{table}}","partition":{"p":"{{Pick("z", "bad value", "__z")}}"} }""";
            case 5:
                return $$"""{"do":"add-column","table":"{{table}}","columns":[["{{Pick("n1", "n2", "n3", "id")}}","{{Pick("INT", "STRING", "ROW<x INT>", "INT NOT NULL")}}"]]}""";
            case 6:
                return $$"""{"do":"set-property","table":"{{table}}","properties":{"{{Pick("table.datalake.freshness", "mine", "table.log.ttl")}}":{{Pick("\"1min\"", "\"x\"", "null")}} } }""";
            default:
                int rows = _random.Next(2, 40);
                _row += rows;
                return $$"""{"do":"generate","table":"{{table}}","rows":{{rows}},"from":{{_row - rows}},"nullPercent":15,"flushEvery":{{_random.Next(5, 20)}},"partitions":["x","y"]}""";
        }
    }

    private string Partition() => Pick("x", "y", "z", "bad value", "__z");

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
