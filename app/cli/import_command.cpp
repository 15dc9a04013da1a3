#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/output_options.h"
#include "app/cli/spec_options.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

struct ImportOptions {
  ImportCheckpoint command;
  std::string classes;
  bool json = false, force = false;
  SpecOptions specs;
};

std::vector<std::string> class_names(const std::string& text) {
  std::vector<std::string> names;
  if (text.empty()) return names;
  for (const auto& part : split(text, ',')) {
    const auto name = trimmed(part);
    if (name.empty())
      throw Failure(ErrorCode::kInvalidArgument, "a class has no name in “" + text + "”", "write --classes potion,sword,dragon");
    names.emplace_back(name);
  }
  return names;
}

// A file that an import wrote can be written by one again: nothing is lost with it.
bool was_imported(const std::string& file, EngineRunner& engine) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return false;
  try {
    const ModelInfo model = model_info(file, engine);
    return !model.foreign && !model.notes.empty() && model.trained_steps == 0;
  } catch (const Failure&) {
    return false;
  }
}

void run_import(const ImportOptions& options, EngineRunner& engine) {
  ImportCheckpoint command = options.command;
  check_model_ending(command.out);
  check_new_file(command.out, options.force || was_imported(command.out, engine));
  command.job = engine.next_id();
  command.classes = class_names(options.classes);
  command.values = options.specs.values(engine.catalog().import, "import");
  const JobId job = command.job;
  engine.run(job, std::move(command),
             {[&](const Event& event) {
                if (const auto* report = std::get_if<Report>(&event))
                  std::printf("%s%s", (options.json ? report->json : report->text).c_str(), options.json ? "\n" : "");
              },
              {}});
}

}  // namespace

void add_import_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<ImportOptions>();
  command.add_option("checkpoint", options->command.checkpoint, "A PyTorch or safetensors file, or a diffusers folder")
      ->required()
      ->type_name("FILE");
  command.add_option("--out", options->command.out, "The model file to write")->required()->type_name("FILE.safetensors");
  command.add_option("--like", options->command.like, "The family, if names and shapes are not to decide")
      ->type_name(joined(engine.catalog().families, " | "));
  command.add_option("--classes", options->classes,
                     "Names of the classes in the network's order, as potion,sword,dragon (numbered)");
  options->specs.add(command, engine.catalog().import, "What the file does not say");
  command.add_flag("--json", options->json, "Print what was found and assumed as JSON");
  add_force(command, options->force);
  command.callback([options, &engine] { run_import(*options, engine); });
}

}  // namespace kiln
