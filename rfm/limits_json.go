package rfm

import (
	"encoding/json"
	"fmt"

	"github.com/regulars-go/regulars/internal/strictjson"
)

var lifecycleJSON = strictjson.Limits{Bytes: 1 << 26, Depth: 4, List: mostDays + 1, Text: 256}

// limitsJSON is Limits as they are stored.
type limitsJSON struct {
	Version       int      `json:"version"`
	AtRisk        int      `json:"at_risk"`
	Dormant       int      `json:"dormant"`
	Lost          int      `json:"lost"`
	MeanGap       Fraction `json:"mean_gap"`
	Prior         int      `json:"prior,omitzero"`
	Hysteresis    Fraction `json:"hysteresis,omitzero"`
	NotIdentified bool     `json:"limits_not_identified,omitzero"`
}

// ParseLimits reads limits from JSON, strictly: unknown and repeated keys, another case, broken UTF-8 and
// trailing bytes are refused, with JSON Pointer and byte offset. [NewLifecycle] judges what they say.
func ParseLimits(data []byte) (Limits, error) {
	var j limitsJSON
	if err := strictjson.Unmarshal(data, &j, lifecycleJSON); err != nil {
		return Limits{}, fmt.Errorf("rfm: limits: %w", err)
	}
	if j.Version != 1 {
		return Limits{}, fmt.Errorf("rfm: limits: version: %d is not known", j.Version)
	}
	return Limits{j.AtRisk, j.Dormant, j.Lost, j.MeanGap, j.Prior, j.Hysteresis, j.NotIdentified}, nil
}

// UnmarshalJSON is [ParseLimits].
func (l *Limits) UnmarshalJSON(data []byte) error {
	parsed, err := ParseLimits(data)
	if err == nil {
		*l = parsed
	}
	return err
}

// MarshalJSON writes what [ParseLimits] reads.
func (l Limits) MarshalJSON() ([]byte, error) {
	return json.Marshal(limitsJSON{1, l.AtRisk, l.Dormant, l.Lost, l.MeanGap, l.Prior, l.Hysteresis, l.NotIdentified})
}

// gapsJSON is Gaps as they are stored.
type gapsJSON struct {
	Version int        `json:"version"`
	Closed  []GapCount `json:"closed"`
	Open    []GapCount `json:"open"`
}

// ParseGaps reads gaps from JSON as strictly as [ParseLimits] does, and refuses lengths out of order and
// counts below one.
func ParseGaps(data []byte) (Gaps, error) {
	var j gapsJSON
	if err := strictjson.Unmarshal(data, &j, lifecycleJSON); err != nil {
		return Gaps{}, fmt.Errorf("rfm: gaps: %w", err)
	}
	if j.Version != 1 {
		return Gaps{}, fmt.Errorf("rfm: gaps: version: %d is not known", j.Version)
	}
	g := Gaps{j.Closed, j.Open}
	if err := g.check(); err != nil {
		return Gaps{}, err
	}
	return g, nil
}

// UnmarshalJSON is [ParseGaps].
func (g *Gaps) UnmarshalJSON(data []byte) error {
	parsed, err := ParseGaps(data)
	if err == nil {
		*g = parsed
	}
	return err
}

// MarshalJSON writes what [ParseGaps] reads.
func (g Gaps) MarshalJSON() ([]byte, error) {
	return json.Marshal(gapsJSON{1, append([]GapCount{}, g.Closed...), append([]GapCount{}, g.Open...)})
}
