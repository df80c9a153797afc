package rfm

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Both maps are spelled out cell by cell in testdata.
func TestPresetsCellByCell(t *testing.T) {
	f, err := os.Open("testdata/segments.csv")
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	cells, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, cells, 126)
	for _, cell := range cells[1:] {
		score := Score{cell[0][0] - '0', cell[0][1] - '0', cell[0][2] - '0'}
		assert.Equal(t, cell[1], Eleven().Of(score).EN, cell[0])
		assert.Equal(t, cell[2], Grid().Of(score).EN, cell[0])
	}
}

func TestPresets(t *testing.T) {
	for want, s := range map[int]*Segments{11: Eleven(), 10: Grid(), 8: Eight()} {
		assert.Len(t, s.List(), want)
		assert.Empty(t, s.Overlaps())
		for _, segment := range s.List() {
			assert.NotEmpty(t, segment.EN)
			assert.Regexp(t, `^\p{Han}+$`, segment.ZH)
			assert.Regexp(t, `^[a-z_]+$`, segment.Key)
			assert.Equal(t, segment.ZH, segment.Text("zh-CN"))
			assert.Equal(t, segment.EN, segment.Text("fr"))
		}
		assert.Zero(t, s.Of(Score{}), "a prospect is in no segment")
		assert.Zero(t, s.Of(Score{6, 1, 1}))
	}
	// The bits of the 8 classes are R, F, M.
	for code, want := range map[Score]string{
		{2, 2, 2}: "重要价值", {2, 1, 2}: "重要发展", {1, 2, 2}: "重要保持", {1, 1, 2}: "重要挽留",
		{2, 2, 1}: "一般价值", {2, 1, 1}: "一般发展", {1, 2, 1}: "一般保持", {1, 1, 1}: "一般挽留",
	} {
		assert.Equal(t, want, Eight().Of(code).ZH)
	}
	assert.True(t, Eleven().Fits(MustCompile(Config{Zone: "UTC"})))
	assert.False(t, Eight().Fits(MustCompile(Config{Zone: "UTC"})))
	assert.Equal(t, "nameless", Segment{Key: "nameless"}.Text("en"))
}

func TestNewSegmentsProves(t *testing.T) {
	two := func(rules ...SegmentRule) SegmentConfig { return SegmentConfig{R: 2, F: 2, M: 2, Segments: rules} }
	_, err := NewSegments(two(
		SegmentRule{Key: "best", Where: []string{"2**"}},
		SegmentRule{Key: "often", Where: []string{"*2*"}},
		SegmentRule{Key: "never", Match: func(Score) bool { return false }},
	))
	var e *SegmentsError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, &SegmentsError{
		Holes:    []Score{{1, 1, 1}, {1, 1, 2}},
		Overlaps: []Overlap{{Segments: [2]string{"best", "often"}, Example: Score{2, 2, 1}, Cells: 2}},
		Dead:     []string{"never"},
	}, e)
	require.EqualError(t, err, "rfm: segments: 2 cells without a segment, such as 1-1-1; best and often share 2 cells, such as 2-2-1; never gets no cell")

	s, err := NewSegments(two(
		SegmentRule{Key: "a", Where: []string{"***"}}, SegmentRule{Key: "b", Where: []string{"22*"}}, SegmentRule{Key: "c", Where: []string{"222"}},
	))
	require.ErrorAs(t, err, &e)
	assert.Nil(t, s, "a map that is refused is no map")
	assert.Equal(t, []Overlap{
		{[2]string{"a", "b"}, Score{2, 2, 1}, 2}, {[2]string{"a", "c"}, Score{2, 2, 2}, 1}, {[2]string{"b", "c"}, Score{2, 2, 2}, 1},
	}, e.Overlaps, "every pair, not only those with the first")

	// Where the first wins, an overlap is fine and a segment behind others is dead.
	first := two(SegmentRule{Key: "best", Where: []string{"2**"}}, SegmentRule{Key: "rest", Where: []string{"***"}})
	first.FirstMatch = true
	s, err = NewSegments(first)
	require.NoError(t, err)
	assert.Equal(t, "rest", s.Key(Score{1, 2, 2}))
	assert.Equal(t, "best", s.Key(Score{2, 2, 2}))
	assert.Equal(t, []Overlap{{[2]string{"best", "rest"}, Score{2, 1, 1}, 4}}, s.Overlaps())
	first.Segments = append(first.Segments, SegmentRule{Key: "late", Where: []string{"22[1-2]"}})
	_, err = NewSegments(first)
	require.ErrorContains(t, err, "late gets no cell")
}

func TestNewSegmentsPatterns(t *testing.T) {
	s, err := NewSegments(SegmentConfig{R: 12, F: 3, M: 2, Segments: []SegmentRule{
		{Key: "top", Where: []string{"[10-12][2]*"}},
		{Key: "rest", Match: func(s Score) bool { return s.R < 10 || s.F != 2 }},
	}})
	require.NoError(t, err)
	assert.Equal(t, "top", s.Key(Score{11, 2, 1}))
	assert.Equal(t, "rest", s.Key(Score{11, 3, 1}))
	for _, bad := range []string{"", "1", "11", "1111", "[1**", "0**", "6**", "[3-2]**", "[1-6]**", "a**", "[]**", "[1-2-3]**", "-1**", "[+1-+2]**", "[1-257]**"} {
		_, err := NewSegments(SegmentConfig{Segments: []SegmentRule{{Key: "a", Where: []string{bad}}, {Key: "a", Where: []string{"***"}}}})
		require.ErrorContains(t, err, "rfm: segments[0].where[0]: ", bad)
		require.ErrorContains(t, err, `rfm: segments[1].key: "a" stands twice`, bad)
	}
	for _, bad := range []SegmentConfig{{}, {R: 1, Segments: everything()}, {F: 101, Segments: everything()}, {Segments: []SegmentRule{{Where: []string{"***"}}}}, {Segments: []SegmentRule{{Key: "a"}}}, {Segments: []SegmentRule{{Key: "\xff", Where: []string{"***"}}}}} {
		_, err := NewSegments(bad)
		require.Error(t, err)
	}
}

// everything is any map at all.
func everything() []SegmentRule { return []SegmentRule{{Key: "all", Where: []string{"***"}}} }

func TestParseSegments(t *testing.T) {
	c, err := ParseSegments([]byte(`{"r":2,"f":2,"m":2,"segments":[{"key":"new","zh":"新","where":["21*"]},{"key":"old","where":["1**","22*"]}]}`))
	require.NoError(t, err)
	s, err := NewSegments(c)
	require.NoError(t, err)
	assert.Equal(t, Segment{Key: "new", ZH: "新"}, s.Of(Score{2, 1, 2}))
	again, err := ParseSegments(mustJSON(t, c))
	require.NoError(t, err)
	assert.Equal(t, c, again)
	_, err = ParseSegments([]byte(`{"segments":[{"key":"new","Where":[]}]}`))
	require.ErrorContains(t, err, `/segments/0/Where`)
}
