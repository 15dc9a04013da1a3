#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>

#include "app/cli/commands.h"

namespace kiln {
namespace {

// How bash completes a value, from what the option's type names: words, MODEL, FILE, FILE.gif, DIR.
// Other capitals stand for anything.
std::string value_completion(const std::string& type) {
  if (type.find(" … ") != std::string::npos) return "";  // a range of numbers
  std::string words, endings;
  bool files = false;
  for (std::string rest = type + " | "; !rest.empty(); rest.erase(0, rest.find(" | ") + 3)) {
    const std::string kind = rest.substr(0, rest.find(" | "));
    if (kind == "DIR") {
      files = true;
    } else if (kind == "MODEL") {
      files = true;
      endings += " .safetensors .pt .pth .ckpt .bin";
    } else if (kind.starts_with("FILE")) {
      files = true;
      endings += kind == "FILE" ? " ''" : " " + kind.substr(4);
    } else if (kind != type && std::any_of(kind.begin(), kind.end(), [](unsigned char c) { return std::islower(c); })) {
      words += " " + kind;
    }
  }
  return (words.empty() ? "" : "_spritekiln_words" + words + "; ") + (files ? "_spritekiln_files" + endings + "; " : "");
}

// What the script is made of, by the path of a command ("", " sample", " dataset check").
struct Tables {
  std::string commands;                       // patterns over "PATH WORD"
  std::map<std::string, std::string> flags;   // words that begin with a dash
  std::map<std::string, std::string> others;  // how any other word is completed
  std::map<std::string, std::string> values;  // patterns over "PATH FLAG", by how the flag's value is completed
};

void add_pattern(std::string& patterns, const std::string& text) { patterns += (patterns.empty() ? "'" : " | '") + text + "'"; }

void collect(const CLI::App& app, const std::string& path, Tables& tables) {
  std::string subcommands, names;
  for (const auto* command : app.get_subcommands({})) {
    const std::string longer = path + " " + command->get_name();
    subcommands += " " + command->get_name();
    add_pattern(tables.commands, longer);
    collect(*command, longer, tables);
  }
  for (const auto* option : app.get_options()) {
    const std::string completion = value_completion(option->get_type_name());
    if (option->get_positional()) names += completion;
    for (const auto& name : option->get_lnames()) {
      const std::string flag = " --" + name;
      tables.flags[path] += flag;
      if (option->get_items_expected_max() > 0) add_pattern(tables.values[completion], path + flag);
    }
  }
  tables.others[path] = (subcommands.empty() ? "" : "_spritekiln_words" + subcommands + "; ") + names;
}

std::string completion_script(const CLI::App& app) {
  Tables tables;
  collect(app, "", tables);
  std::string text = R"(# Completion of spritekiln's commands, flags and values for bash; written by `spritekiln completion`.
_spritekiln_words() { mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$*" -- "$word"); }
_spritekiln_files() { # the endings that a file may have; folders lead to them
  local ending
  compopt -o filenames
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <({
    compgen -d -- "$word"
    for ending; do compgen -f -X "!*$ending" -- "$word"; done
  } | sort -u)
}
_spritekiln() {
  local word=${COMP_WORDS[COMP_CWORD]} path= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$path ${COMP_WORDS[i]}" in
      )" + tables.commands +
                     R"() path="$path ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path ${COMP_WORDS[COMP_CWORD - 1]}" in
)";
  for (const auto& [completion, patterns] : tables.values)
    text.append("    ").append(patterns).append(") ").append(completion).append("return ;;\n");
  text += "  esac\n  case \"$path/$word\" in\n";
  for (const auto& [path, flags] : tables.flags)
    text.append("    '").append(path).append("/'-*) _spritekiln_words").append(flags).append(" ;;\n");
  for (const auto& [path, completion] : tables.others) {
    if (!completion.empty()) text.append("    '").append(path).append("/'*) ").append(completion).append(";;\n");
  }
  text += "  esac\n}\ncomplete -F _spritekiln spritekiln\n";
  return text;
}

}  // namespace

void add_completion_command(CLI::App& command, EngineRunner&) {
  command.callback([&command] { std::fputs(completion_script(*command.get_parent()).c_str(), stdout); });
}

}  // namespace kiln
