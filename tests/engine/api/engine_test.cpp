#include "engine/api/engine.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "engine/api/benchmark.h"
#include "tests/support/errors.h"
#include "tests/support/source_folder.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Error refusal(const std::string& module) {
  ::setenv("SPRITEKILN_ENGINE", module.c_str(), 1);
  const Error error = error_of([] { open_engine({}); });
  ::unsetenv("SPRITEKILN_ENGINE");
  return error;
}

}  // namespace

TEST_CASE("an engine module of another version is told, and not used") {
  const Error error = refusal(SPRITEKILN_STALE_ENGINE);
  CHECK(error.message.find("does not belong to this program") != std::string::npos);
  CHECK(error.message.find(SPRITEKILN_STALE_ENGINE) != std::string::npos);
}

TEST_CASE("a module that is not there, and one that is none") {
  CHECK(refusal("/nowhere/engine.so").code == ErrorCode::kNotFound);
  CHECK(refusal((source_folder() / "README.md").string()).code == ErrorCode::kInternal);
}

TEST_CASE("the benchmark module is looked for beside the engine's, and told when it is missing or of another version") {
  const TemporaryFolder folder;
  const auto refused = [&] {
    ::setenv("SPRITEKILN_ENGINE", (folder / "engine.so").c_str(), 1);
    const Error error = error_of([] { run_benchmark({}, [](std::int64_t, std::int64_t) { return true; }); });
    ::unsetenv("SPRITEKILN_ENGINE");
    return error;
  };
  CHECK(refused().code == ErrorCode::kNotFound);
  std::filesystem::copy_file(SPRITEKILN_STALE_ENGINE, folder / "libspritekiln_benchmark.so");
  CHECK(refused().message.find("does not belong to this program") != std::string::npos);
}
