#include "engine/runtime/launch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/error.h"

extern char** environ;

namespace kiln {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

int free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = listener >= 0 && ::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (listener >= 0) ::close(listener);
  if (!bound)
    throw Failure(ErrorCode::kUnreadable, "this machine gives no port on which processes could meet",
                  "see that its loopback address works, or train in one process", std::strerror(errno));
  return ntohs(address.sin_port);
}

std::vector<std::string> environment_of(int rank, int count, int port) {
  std::vector<std::string> variables;
  const auto set = [&](const char* name, const std::string& value) { variables.push_back(std::string(name) + "=" + value); };
  set("RANK", std::to_string(rank));
  set("WORLD_SIZE", std::to_string(count));
  set("LOCAL_RANK", std::to_string(rank));
  set("LOCAL_WORLD_SIZE", std::to_string(count));
  set("MASTER_ADDR", "127.0.0.1");
  set("MASTER_PORT", std::to_string(port));
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);  // of two the first counts
  return variables;
}

pid_t start_program(std::vector<std::string> arguments, std::vector<std::string> environment) {
  pid_t id = 0;
  const auto argv = pointers_to(arguments), variables = pointers_to(environment);
  const int error = ::posix_spawn(&id, "/proc/self/exe", nullptr, nullptr, argv.data(), variables.data());
  if (error != 0)
    throw Failure(ErrorCode::kInternal, "another process of the program could not be started", "see the log", std::strerror(error));
  return id;
}

}  // namespace kiln
