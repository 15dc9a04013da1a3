#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <sstream>

#include "app/cli/commands.h"

namespace kiln {
namespace {

// Text as roff takes it: nothing in it is a request.
std::string roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string option_line(const CLI::Option& option) {
  if (option.get_positional()) return italic(option.get_name());
  std::string names;
  for (const auto& name : option.get_snames()) names += (names.empty() ? "" : ", ") + bold("-" + name);
  for (const auto& name : option.get_lnames()) names += (names.empty() ? "" : ", ") + bold("--" + name);
  if (option.get_items_expected_max() > 0) names += " " + italic(option.get_type_name());
  return names;
}

std::string synopsis(const std::string& path, const CLI::App& app) {
  std::string line = bold(path);
  for (const auto* option : app.get_options()) {
    if (option->get_required() && !option->get_positional()) line += " " + option_line(*option);
  }
  if (!app.get_options().empty()) line += " [" + italic("option") + "]…";
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) line += " " + (option->get_required() ? option_line(*option) : "[" + option_line(*option) + "]");
  }
  return line;
}

std::string option_list(const CLI::App& app) {
  std::string text;
  for (const auto* option : app.get_options()) {
    if (option->get_lnames() == std::vector<std::string>{"help"}) continue;  // named once, for all
    text += ".TP\n" + option_line(*option) + "\n" + roff(option->get_description()) +
            (option->get_required() ? " (required)" : "") + "\n";
  }
  return text;
}

// The footer of a command: a line that ends in “:” and the lines under it, as they are.
std::string footer_text(const CLI::App& app) {
  return app.get_footer().empty() ? "" : ".PP\n.nf\n" + roff(app.get_footer()) + "\n.fi\n";
}

std::string command_sections(const std::string& path, const CLI::App& app) {
  std::string text;
  for (const auto* command : app.get_subcommands({})) {
    const std::string name = path + " " + command->get_name();
    text += ".SS " + bold(name) + "\n" + roff(command->get_description()) + ".\n";
    if (command->get_require_subcommand_min() == 0) {
      text += ".PP\n" + synopsis(name, *command) + "\n" + option_list(*command) + footer_text(*command);
    }
    text += command_sections(name, *command);
  }
  return text;
}

std::string manual_page(const CLI::App& app, const std::string& version) {
  std::ostringstream page;
  page << ".TH SPRITEKILN 1 \"\" \"" << version << "\" \"User commands\"\n"
       << ".SH NAME\nspritekiln \\- make pixel-art sprites and train models on your own\n"
       << ".SH SYNOPSIS\n"
       << synopsis("spritekiln", app) << "\n.br\n"
       << bold("spritekiln") << " " << italic("command") << " [" << italic("option") << "]…\n"
       << ".SH DESCRIPTION\n"
       << roff(app.get_description()) << "\n.PP\n"
       << bold("--help") << " after any command tells its options.\n"
       << option_list(app) << ".SH COMMANDS\n"
       << command_sections("spritekiln", app)
       << ".SH EXIT STATUS\n0 if all went well, 1 after an error, 2 after wrong usage. Errors are two lines on standard error: "
          "what went "
          "wrong, and what to do about it.\n"
       << ".SH ENVIRONMENT\n"
       << ".TP\n"
       << bold("SPRITEKILN_HOME") << "\nFolder of settings, models, runs and the log; else " << bold("$XDG_DATA_HOME/spritekiln")
       << ", else " << bold("~/.local/share/spritekiln") << ".\n"
       << ".TP\n"
       << bold("SPRITEKILN_SHARE") << "\nFolder of the models and resources that came with the program; else beside it.\n"
       << ".TP\n"
       << bold("SPRITEKILN_ENGINE") << "\nThe engine module; else beside the program.\n";
  return page.str();
}

}  // namespace

void add_manual_command(CLI::App& command, EngineRunner&) {
  command.callback([&command] {
    const CLI::App& app = *command.get_parent();
    std::fputs(manual_page(app, app.version()).c_str(), stdout);
  });
}

}  // namespace kiln
