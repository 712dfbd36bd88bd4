// What `hostile_program.py` does, by Node's `readFileSync` and `writeFileSync`, as editors made of Electron save.
// node hostile_program.js marks|lengths NOTE DATE

const fs = require('fs');
const [mode, path, date] = process.argv.slice(2);
const expected = new Map();
let added = new Set(), edits = 0, lost = 0, stop = false, ended = false;
process.stdin.on('data', () => { stop = true; });
process.stdin.on('end', () => { ended = true; });

const any = list => list[Math.floor(Math.random() * list.length)];
const nameOf = line => line.slice(6).replace(date, '');
const isTheirs = line => /^- \[[ x]\] theirs /.test(line);

function look(lines) {
  const now = new Map(lines.filter(isTheirs).map(line => [nameOf(line), line]));
  for (const [name, line] of expected) if (now.get(name) !== line) { lost++; expected.set(name, now.get(name)); }
  const found = new Set(lines.filter(line => line.startsWith('added ')));
  for (const line of new Set([...found, ...added])) if (found.has(line) !== added.has(line)) lost++;
  added = found;
}

function edit(lines) {
  edits++;
  const what = mode === 'lengths' ? any([0, 1, 2, 3]) : 0;
  if (what === 1) {
    const line = `added ${edits}`;
    added.add(line);
    lines.splice(1 + Math.floor(Math.random() * (lines.length - 1)), 0, line);
  } else if (what === 2 && added.size) {
    const line = any([...added]);
    added.delete(line);
    lines.splice(lines.indexOf(line), 1);
  } else {
    const old = any(lines.filter(isTheirs)), name = nameOf(old);
    const line = old[3] === 'x' ? `- [ ] ${name}` : `- [x] ${name}${mode === 'lengths' ? date : ''}`;
    expected.set(name, line);
    lines[lines.indexOf(old)] = line;
  }
  return lines;
}

function step() {
  const lines = fs.readFileSync(path, 'utf8').split('\n');
  if (ended) {
    look(lines);
    console.log(JSON.stringify([edits, lost, 0, 0]));
    process.exit(0);
  }
  if (!stop) {
    look(lines);
    fs.writeFileSync(path, edit(lines).join('\n'));
  }
  setTimeout(step, 2 + Math.random() * 4);
}
step();
