package rfm

// State is where a customer stands in their life with the shop. The order of the constants is the order
// of a good life, worst first within decline; the zero value is Prospect.
type State uint8

// The eight states. [Lifecycle.State] gives their exact rules.
const (
	Prospect State = iota // never bought, or gave everything back
	Lost                  // silent beyond the third limit
	Dormant               // silent beyond the second limit
	AtRisk                // silent beyond the first limit
	New                   // bought on one day so far
	WonBack               // the last order ended a silence beyond the second limit
	Growing               // bought on two days or more, not yet for long
	Stable                // bought on three days or more, over at least the first limit
)

// Stage is one of the four stages that group the states. The zero value is Identification.
type Stage uint8

// The four stages of a customer's life.
const (
	Identification Stage = iota // 识别期: prospect
	Development                 // 发展期: new, growing, won_back
	Stability                   // 稳定期: stable
	Decline                     // 衰退期: at_risk, dormant, lost
)

var stateLabels = [...]label{
	Prospect: {"prospect", "Prospect", "潜在客户"},
	Lost:     {"lost", "Lost", "流失客户"},
	Dormant:  {"dormant", "Dormant", "沉睡客户"},
	AtRisk:   {"at_risk", "At risk", "预警客户"},
	New:      {"new", "New", "新客户"},
	WonBack:  {"won_back", "Won back", "召回客户"},
	Growing:  {"growing", "Growing", "成长客户"},
	Stable:   {"stable", "Stable", "稳定客户"},
}

var stageLabels = [...]label{
	Identification: {"identification", "Identification", "识别期"},
	Development:    {"development", "Development", "发展期"},
	Stability:      {"stability", "Stability", "稳定期"},
	Decline:        {"decline", "Decline", "衰退期"},
}

// Stage returns the stage a state belongs to.
func (s State) Stage() Stage {
	switch s {
	case Lost, Dormant, AtRisk:
		return Decline
	case New, WonBack, Growing:
		return Development
	case Stable:
		return Stability
	default:
		return Identification
	}
}

// String returns the state's word, as JSON has it: "at_risk".
func (s State) String() string { return word(stateLabels[:], "State", s) }

// Text returns the state's name for people: in Chinese where lang is zh or begins with zh-, as zh-CN
// does, and else in English.
func (s State) Text(lang string) string { return text(stateLabels[:], s, lang) }

// MarshalText writes the state's word, and refuses a value that is no state.
func (s State) MarshalText() ([]byte, error) { return marshalWord(stateLabels[:], "state", s) }

// UnmarshalText reads a state's word exactly as [State.String] writes it.
func (s *State) UnmarshalText(b []byte) error { return unmarshalWord(stateLabels[:], "state", s, b) }

// String returns the stage's word, as JSON has it: "decline".
func (s Stage) String() string { return word(stageLabels[:], "Stage", s) }

// Text returns the stage's name for people: in Chinese where lang is zh or begins with zh-, and else in
// English.
func (s Stage) Text(lang string) string { return text(stageLabels[:], s, lang) }

// MarshalText writes the stage's word, and refuses a value that is no stage.
func (s Stage) MarshalText() ([]byte, error) { return marshalWord(stageLabels[:], "stage", s) }

// UnmarshalText reads a stage's word exactly as [Stage.String] writes it.
func (s *Stage) UnmarshalText(b []byte) error { return unmarshalWord(stageLabels[:], "stage", s, b) }
