package network

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

const (
	privateLink  = "private link"
	cloudNetwork = "cloud network"
)

// The nftables tables of a router. Timeouts are beside the rules, as the kernel lets go of every connection that a timeout
// was set for when it is loaded again.
const (
	rulesTable = "lab"
	idleTable  = "idle"
)

// Statements that keep a packet from going on.
const (
	drop  = "drop"
	reset = "reject with tcp reset"
)

// maxComment is the longest comment of a rule that nft takes, in bytes.
const maxComment = 128

// decision is a rule that counts: what it says for people, and where on a packet's way it stands.
type decision struct {
	id     string // the first word of the rule's comment; the same decision has the same id in every ruleset
	what   string // unique in its ruleset
	kind   Kind
	drops  bool
	iface  string         // id of the network interface that a packet was on its way to, where that is known
	rule   *fabric.Rule   // of a load balancer
	target *fabric.Target // of that rule
}

// ruleset is the text that nft loads, with its decisions in the order in which a packet meets them.
type ruleset struct {
	where     string
	table     string
	text      strings.Builder
	chains    []string
	decisions []decision
	ids       map[string]bool
	texts     map[string]bool
}

func newRuleset(where string) *ruleset {
	return &ruleset{where: where, table: rulesTable, ids: map[string]bool{}, texts: map[string]bool{}}
}

// chain writes a chain; hook is empty for one that others jump to.
func (r *ruleset) chain(name, hook string, body func()) {
	r.chains = append(r.chains, name)
	fmt.Fprintf(&r.text, "\tchain %s {\n", name)
	if hook != "" {
		r.line("type %s;", hook)
	}
	body()
	r.text.WriteString("\t}\n")
}

// line writes a rule that decides nothing a person would ask about.
func (r *ruleset) line(format string, args ...any) {
	fmt.Fprintf(&r.text, "\t\t"+format+"\n", args...)
}

// decide writes a rule that counts.
func (r *ruleset) decide(d decision, match, statement string) {
	d.drops = statement == drop || statement == reset
	d.what = unique(r.texts, d.what, " (%d)")
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(r.where + "\n" + d.what))
	d.id = unique(r.ids, r.where[:1]+strconv.FormatUint(uint64(sum.Sum32()), 36), ".%d")
	r.decisions = append(r.decisions, d)
	words := []string{"counter", statement, `comment "` + comment(d) + `"`}
	if match != "" {
		words = append([]string{match}, words...)
	}
	r.line("%s", strings.Join(words, " "))
}

func (r *ruleset) String() string {
	return "table ip " + r.table + " {\n" + r.text.String() + "}\n"
}

// unique gives the text, with a number if it was taken before, and takes it.
func unique(taken map[string]bool, text, numbered string) string {
	candidate := text
	for n := 2; taken[candidate]; n++ {
		candidate = text + fmt.Sprintf(numbered, n)
	}
	taken[candidate] = true
	return candidate
}

// comment is what `nft list ruleset` shows: the id, and as much of the text as nft takes. A name of a resource must not
// end it early: nft knows no escapes.
func comment(d decision) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == utf8.RuneError || !unicode.IsPrint(r) || r == '\\':
			return '?'
		}
		return r
	}, d.id+" "+d.what)
	for len(text) > maxComment {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// idOf reads the id from a rule's comment.
func idOf(comment string) string {
	id, _, _ := strings.Cut(comment, " ")
	return id
}
