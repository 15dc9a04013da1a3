#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"

namespace kiln {

void add_verify_command(CLI::App& command, EngineRunner& engine) {
  auto verify = std::make_shared<VerifyModel>();
  auto json = std::make_shared<bool>(false);
  command.add_option("--model", verify->model, "A model file or another project's checkpoint")->required()->type_name("MODEL");
  command.add_option("--golden", verify->golden, "A safetensors file with inputs and the answers they should get")
      ->required()
      ->type_name("FILE.safetensors");
  command.add_option(
      "--tolerance", verify->tolerance,
      "Largest error allowed, as a share of the key's scale: 1, 10 for whole runs, or its largest value where that is more (1e-4)");
  command.add_flag("--json", *json, "Print, for each key, “errors” (absolute), “scale” and “relative” (error / scale) as JSON");
  command.callback([verify, json, &engine] {
    verify->job = engine.next_id();
    engine.run(verify->job, *verify,
               {[&](const Event& event) {
                  if (const auto* report = std::get_if<Report>(&event)) {
                    std::printf("%s%s", (*json ? report->json : report->text).c_str(), *json ? "\n" : "");
                    std::fflush(stdout);
                  }
                },
                {}});
  });
}

}  // namespace kiln
