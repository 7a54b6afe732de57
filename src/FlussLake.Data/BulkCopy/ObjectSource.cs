using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace FlussLake.Data.BulkCopy;

/// <summary>Objects whose readable public properties are the columns.</summary>
internal sealed class ObjectSource<T>(IAsyncEnumerator<T> rows) : RowSource
{
    // Those of an interface's bases are not its own. Of properties of one name, the others are hidden by the most derived one, which comes first.
    private static readonly PropertyInfo[] s_properties =
    [
        .. new[] { typeof(T) }.Concat(typeof(T).IsInterface ? typeof(T).GetInterfaces() : [])
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .DistinctBy(property => property.Name),
    ];

    private static readonly string[] s_names = [.. s_properties.Select(property => property.Name)];

    /// <exception cref="FlussLakeException">The objects have no properties.</exception>
    public override IReadOnlyList<string> Names => s_names.Length > 0 ? s_names : throw new FlussLakeException(Messages.NoProperties(typeof(T)));

    public override bool IsNull => rows.Current is null;

    public override SourceColumn Column(int ordinal)
    {
        PropertyInfo property = s_properties[ordinal];
        return SourceColumn.Create(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, new Factory(rows, property));
    }

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return rows.MoveNextAsync();
    }

    private sealed class Factory(IAsyncEnumerator<T> rows, PropertyInfo property) : IColumnFactory
    {
        [SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "The interface's method is generic.")]
        public SourceColumn Create<TValue>()
        {
            if (typeof(TValue) == typeof(object))
            {
                Func<T, object?> get = Compile<object?>();
                return new SourceColumn<object>((out object value) => (value = get(rows.Current)!) is not null and not DBNull);
            }

            if (property.PropertyType == typeof(TValue))
            {
                Func<T, TValue> get = Compile<TValue>();
                return new SourceColumn<TValue>((out TValue value) =>
                {
                    value = get(rows.Current);
                    return true;
                });
            }

            return (SourceColumn)GetType().GetMethod(nameof(CreateNullable), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(typeof(TValue)).Invoke(this, null)!;
        }

        private SourceColumn<TValue> CreateNullable<TValue>()
            where TValue : struct
        {
            Func<T, TValue?> get = Compile<TValue?>();
            return new SourceColumn<TValue>((out TValue value) =>
            {
                TValue? found = get(rows.Current);
                value = found.GetValueOrDefault();
                return found.HasValue;
            });
        }

        private Func<T, TResult> Compile<TResult>()
        {
            ParameterExpression row = Expression.Parameter(typeof(T), "row");
            Expression value = Expression.Property(row, property);
            return Expression.Lambda<Func<T, TResult>>(property.PropertyType == typeof(TResult) ? value : Expression.Convert(value, typeof(TResult)), row).Compile();
        }
    }
}
