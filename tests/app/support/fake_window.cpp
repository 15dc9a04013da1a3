// The window on an engine that needs no model and no torch, for looking at the window alone:
// fake_window [--size WxH] [--model M] [--step-ms N] [--fail] [--wait-for FILE]
// The engine takes until FILE is there to start.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "app/shell/window.h"
#include "engine/base/error.h"
#include "tests/app/support/fake_engine.h"

int main(int argc, char** argv) {
  kiln::WindowOptions options;
  int step_ms = 60;
  bool fail = false;
  std::string wait_for;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    kiln::Size size;
    if (flag == "--size" && i + 1 < argc && std::sscanf(argv[++i], "%dx%d", &size.width, &size.height) == 2) options.size = size;
    if (flag == "--step-ms" && i + 1 < argc) step_ms = std::atoi(argv[++i]);
    if (flag == "--model" && i + 1 < argc) options.model = argv[++i];
    if (flag == "--fail") fail = true;
    if (flag == "--wait-for" && i + 1 < argc) wait_for = argv[++i];
  }
  try {
    return kiln::run_window(options, [&](const kiln::EngineOptions& engine) -> std::unique_ptr<kiln::Engine> {
      while (!wait_for.empty() && !std::filesystem::exists(wait_for)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (fail)
        throw kiln::Failure(kiln::ErrorCode::kNotFound, "The engine module is not beside the program", "install Spritekiln again");
      return std::make_unique<kiln::FakeEngine>(engine, step_ms);
    });
  } catch (const kiln::Failure& failure) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", failure.error().message.c_str(), failure.error().hint.c_str());
    return 1;
  }
}
