#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"

namespace kiln {

void add_inspect_command(CLI::App& command, EngineRunner& engine) {
  auto path = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command.add_option("file", *path, "A model file, a folder of sprites, an image, an array or a palette")
      ->required()
      ->type_name("FILE");
  command.add_flag("--json", *json, "As one JSON document");
  command.callback([path, json, &engine] {
    const JobId job = engine.next_id();
    engine.run(job, Inspect{job, *path},
               {[&](const Event& event) {
                  if (const auto* report = std::get_if<Report>(&event))
                    std::printf("%s%s", (*json ? report->json : report->text).c_str(), *json ? "\n" : "");
                },
                {}});
  });
}

}  // namespace kiln
