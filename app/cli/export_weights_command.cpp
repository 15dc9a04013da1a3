#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"

namespace kiln {

void add_export_weights_command(CLI::App& command, EngineRunner& engine) {
  auto weights = std::make_shared<ExportWeights>();
  command.add_option("model", weights->model, "A model file")->required()->type_name("MODEL");
  command.add_option("--to", weights->to, "Whose form: diffusers")->required();
  command.add_option("folder", weights->folder, "The folder to write")->required()->type_name("DIR");
  command.callback([weights, &engine] {
    weights->job = engine.next_id();
    engine.run(weights->job, *weights,
               {[](const Event& event) {
                  if (const auto* exported = std::get_if<Exported>(&event)) std::printf("%s\n", exported->path.c_str());
                },
                {}});
  });
}

}  // namespace kiln
