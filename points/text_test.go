package points

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCatalogue finds every Reason constant in the source, so that none is left without a text.
func TestCatalogue(t *testing.T) {
	reasons := map[Reason]bool{}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		collectReasons(t, file, reasons)
	}
	require.Greater(t, len(reasons), 35)
	for r := range reasons {
		n := Note{Reason: r, Of: "x", Line: 3, Have: 480, Need: 500}
		en, zh := n.Text(English), n.Text(Chinese)
		assert.NotEqual(t, string(r), en)
		assert.NotEqual(t, en, zh)
		assert.False(t, strings.ContainsAny(en+zh, "{}"), en+zh)
	}
	for r := range catalogue {
		assert.True(t, reasons[r], "%s is in the catalogue and nowhere else", r)
	}
	n := Note{Reason: BelowMinimum, Have: 480, Need: 500}
	assert.Equal(t, "480 points are below the minimum of 500", n.Text(English))
	assert.Equal(t, "480 积分低于最低使用数量 500", n.Text(Chinese))
	assert.Equal(t, "unheard_of", Note{Reason: "unheard_of"}.Text(Chinese))
}

func collectReasons(t *testing.T, file *ast.File, reasons map[Reason]bool) {
	t.Helper()
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Reason" && len(v.Values) == 1 {
			word, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			assert.False(t, reasons[Reason(word)], "%s stands for two reasons", word)
			reasons[Reason(word)] = true
		}
		return true
	})
}
