// SPDX-License-Identifier: MIT
#include <census/mpi/session.hpp>

int main() { return census::mpi::is_launched() ? census::mpi::session().rank() > 0 : 0; }
